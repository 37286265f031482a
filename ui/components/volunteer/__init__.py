"""One survivor volunteer on screen: the parts of her record, and their words."""
