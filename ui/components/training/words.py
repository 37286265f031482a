"""What is said about courses and how long they count."""

STATES = {"in date": "In date", "soon": "Runs out soon", "run out": "Run out", "renewed": "Renewed"}


def counting(months: int | None) -> str:
    """How long a course counts."""
    if months is None:
        return "For good"
    years, rest = divmod(months, 12)
    if rest:
        return "1 month" if months == 1 else f"{months} months"
    return "1 year" if years == 1 else f"{years} years"


def window(days: int | None) -> str:
    """How near the end is."""
    if days is None:
        return "In date"
    return "Run out" if days == 0 else f"Within {days} days"
