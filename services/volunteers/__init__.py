"""Survivor volunteers: the way in, checks, training, support, the rota, hours and thanks."""
