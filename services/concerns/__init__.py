"""Safety: concerns and what is decided on them, incidents, and reviews of risk."""
