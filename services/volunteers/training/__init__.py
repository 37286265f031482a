"""Training: courses, who took which when, how long it counts, and what a role needs."""
