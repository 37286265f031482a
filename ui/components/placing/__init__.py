"""Who must not meet, behind its seal, and what a placing screen asks to be weighed."""
