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
