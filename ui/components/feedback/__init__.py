"""Feedback on screen: giving it for somebody, reading it, and what becomes of it."""
