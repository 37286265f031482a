"""Counts kept as data is saved, over which quarters, and all of them made again."""
