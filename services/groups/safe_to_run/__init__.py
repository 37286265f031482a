"""Whether a coming session is safe to run, with the reason and the next step where it is not."""
