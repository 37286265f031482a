"""Places in groups: seats, offers, joining, moving and leaving, and how far each has come."""
