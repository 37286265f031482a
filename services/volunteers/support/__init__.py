"""How survivor volunteers are supported: supervision, check-ins, and how much they carry."""
