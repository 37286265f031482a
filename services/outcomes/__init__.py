"""Whether people get better, who is missing from the figures, and what may be compared."""
