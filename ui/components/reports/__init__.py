"""Reports on screen: asking for one, and those that were made."""
