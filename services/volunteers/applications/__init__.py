"""Applications to volunteer: what is asked, who has sent one, and how she may be reached."""
