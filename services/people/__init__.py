"""Families and participants: their records, who is what to whom, and who is kept out of one."""
