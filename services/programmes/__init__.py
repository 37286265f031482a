"""Programmes, their versions and topics, and what completing one means."""
