"""Measures and goals on screen: what is due, filling a form in, what it comes to."""
