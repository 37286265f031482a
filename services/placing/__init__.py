"""Whether somebody may be placed: who must not meet, what stands against it, and placements."""
