"""Measures and goals: described as data, asked, scored, kept, corrected and counted."""
