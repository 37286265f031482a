"""Whether coming sessions are safe to run, and what is kept of those who run them."""
