"""What is said about expenses."""

KINDS = {
    "mileage": "By car",
    "transport": "Bus, train or taxi",
    "childcare": "Childcare meanwhile",
}
STATES = {
    "asked": "Asked for",
    "approved": "Approved, to be paid",
    "paid": "Paid",
    "returned": "Something is missing",
}


def pounds(pence: int) -> str:
    """A sum as it is written: £4.50."""
    return f"£{pence / 100:,.2f}"


def milestone(kind: str, step: int) -> str:
    """What has been reached, as one says it."""
    if kind == "hours":
        return f"{step:,} hours"
    years, months = divmod(step, 12)
    if months:
        return f"{step} months"
    return "a year" if years == 1 else f"{years} years"
