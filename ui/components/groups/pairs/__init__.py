"""Two linked groups on screen: making them, one beside the other, and changing both."""
