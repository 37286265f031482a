"""What a volunteer gives: her hours, what it costs her, and how she is thanked."""
