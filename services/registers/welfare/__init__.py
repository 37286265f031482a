"""Calls owed to people who did not come: whom to call, by when, and what came of it."""
