"""The volunteer workforce in totals: how people come, stay and leave, and how they are kept."""
