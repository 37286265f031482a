"""Answers about immediate risk: what has to be done the same day, before a form is closed."""
