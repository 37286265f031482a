"""What is said about referrals: states, sources, partners, and the days of their clocks."""

from datetime import date

import pandas as pd

from models import ReferralState
from services.referrals.referral_states import ENDED, ON_THE_WAY, PAUSED, WITH_A_PLACE
from ui.components.words import literal

STATES = {
    "referred": "Referred",
    "contact_attempted": "Contact attempted",
    "meeting_booked": "Pre-group meeting booked",
    "suitable": "Suitable",
    "not_now": "Not now",
    "not_suitable": "Not suitable",
    "waiting": "On the waiting list",
    "offered": "Offered a place",
    "accepted": "Accepted",
    "started": "Started",
    "completed": "Completed",
    "left_early": "Left early",
    "transferred": "Transferred",
    "declined": "Declined",
    "no_safe_contact": "No safe contact",
}
PARTS: dict[str, tuple[str, tuple[ReferralState, ...]]] = {
    "way": ("On the way", ON_THE_WAY),
    "paused": ("Not now", PAUSED),
    "place": ("With a place", WITH_A_PLACE),
    "ended": ("Ended", ENDED),
}
SOURCES = {"agency": "Partner", "self": "Herself", "internal": "Our own work"}
AGENCY_KINDS = {
    "children_services": "Children's social care",
    "adult_services": "Adult social care",
    "police": "Police",
    "health": "Health",
    "school": "School or nursery",
    "housing": "Housing",
    "court": "Court or probation",
    "charity": "Charity or community group",
    "other": "Other",
}


def origins(frame: pd.DataFrame) -> "pd.Series[str]":
    """Who referred each, for the rows of a table: the partner, or another source."""
    return frame["agency"].fillna(frame["source"].map(SOURCES))


def sender(source: str, agency: str | None, worker: str | None) -> str:
    """Who referred her inside a sentence, safe where Markdown is read."""
    if source == "self":
        return "by herself"
    if agency is None:
        return "from our own work"
    return f"by {literal(' · '.join(name for name in (agency, worker) if name))}"


def day(moment: date) -> str:
    """A day without its weekday: 3 June 2026."""
    return f"{moment.day} {moment:%B %Y}"


def days(count: int) -> str:
    """A number of days in words."""
    return "1 day" if count == 1 else f"{count:,} days"
