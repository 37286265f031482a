"""Consents: who may give one, what stands now, and what is missing."""
