"""What can be said of change while people wait: here nothing, and what others have seen."""

from services.measure_definition import Measure

NOT_ASKED = (
    "Nobody is asked for this measure while waiting for a place, so change in a group cannot be "
    "set beside change without one. A form at the first meeting and another on the first day of "
    "the group would make it possible."
)
# Means over weeks on a list for NHS Talking Therapies (domain §2.7).
PUBLISHED = {
    "phq9": (
        "Elsewhere PHQ-9 fell without help: people on a waiting list for NHS Talking Therapies "
        "scored 13.6, 11.9, 11.4, 8.0 and 7.0 on average after 0, 4, 8, 12 and 16 weeks."
    ),
}


def while_waiting(form: Measure) -> str:
    """Why change while waiting is not shown, and what is known of it for this measure."""
    return " ".join(filter(None, (NOT_ASKED, PUBLISHED.get(form.key))))
