"""Changing a group's schedule, with a look at what would change before it does."""
