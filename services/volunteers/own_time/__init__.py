"""A survivor volunteer's own time as a participant: sealed, and counted where she is placed.

Nothing else in the programme reads the link between the two records (docs/decisions/0024).
"""
