"""The bench: every page timed on a real server, beside a blank page in the same minute."""
