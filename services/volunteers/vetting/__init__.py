"""Checks on a survivor volunteer before she works with others, and their renewal (domain §4.4)."""
