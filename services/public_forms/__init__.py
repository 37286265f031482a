"""What strangers fill in on a public page, until somebody here has checked it."""
