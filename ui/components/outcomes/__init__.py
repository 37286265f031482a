"""Parts of the pages of outcomes, and what they are filtered by."""
