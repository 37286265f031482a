"""What the programme already holds that answers a standard for involving volunteers."""
