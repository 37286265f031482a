"""What screens are made of: by subject in packages, and beside them what every screen uses."""
