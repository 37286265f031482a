"""The screen on which forms are made: their questions, languages, versions and who asks them."""
