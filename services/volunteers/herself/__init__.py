"""What a survivor volunteer with an account does for herself, and nothing beyond it."""
