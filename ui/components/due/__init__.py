"""On Today: what is due, a part for each kind, in order of harm if it is missed."""
