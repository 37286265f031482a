"""Concerns on screen: raising one, lists of them, one in full."""
