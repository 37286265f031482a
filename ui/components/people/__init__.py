"""People on screen: families, finding and joining records, consents, contact and plans."""
