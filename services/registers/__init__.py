"""A session and its register: marks, notes, topics, debrief, and calls to who did not come."""
