"""Plans for families, and the kinds of help they are made of."""
