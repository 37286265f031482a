"""The way into volunteering: its rules, who stands where, and what was agreed to come next."""
