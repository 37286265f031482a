"""Two linked groups: parents and their children, together and apart, a register each."""
