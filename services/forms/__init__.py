"""The forms people answer: what they ask, in which versions and languages, and which is used."""
