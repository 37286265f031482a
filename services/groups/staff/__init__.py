"""Colleagues who run groups: who runs which, who stands in, training, checks, days away."""
