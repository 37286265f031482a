"""Rows for research: agreements they go out under, and pseudonymised rows of who consents."""
