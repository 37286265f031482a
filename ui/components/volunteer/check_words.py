"""What is said about volunteers' checks: neutral words, and no verdict in them."""

from datetime import date

from services import clock
from services.volunteers.vetting import rules

CONTEXTS = {
    "work": "Work",
    "volunteering": "Volunteering",
    "education": "School, college or training",
    "support": "A service that supported her",
    "community": "Faith or community",
    "friendship": "Friend or neighbour",
}
STEPS = {
    "asked": "Asked for a reference today",
    "chased": "Reminded today",
    "received": "The reference came today",
}
LEVELS = {"basic": "Basic", "standard": "Standard", "enhanced": "Enhanced"}
WORKFORCES = {"children": "Children", "adults": "Adults", "both": "Children and adults"}
DECISIONS = {
    "cleared": "She may volunteer",
    "arrangements": "She may volunteer, with what was agreed",
    "not_now": "Not now, in this role",
}
ANSWERS = {
    "nothing_new": "Nothing new",
    "something_new": "Something new: she needs another check",
    "not_there": "She is no longer with the Update Service",
}
WHAT = {"dbs": "DBS check", "right": "Right to volunteer"}


def window(days: int | None) -> str:
    """How near the end is, in words."""
    if days is None:
        return ""
    return "Run out" if days == 0 else f"Within {days} days"


def state(until: date | None) -> str:
    """How something stands that counts until a day."""
    near = None if until is None else rules.window(until, clock.today())
    return window(near) or ("In date" if until else "")


def day(moment: date | None) -> str:
    """A day in a sentence or table, empty where there is none."""
    return "" if moment is None else f"{moment.day} {moment:%b %Y}"
