"""The register on screen, and all that is done before and after a session."""
