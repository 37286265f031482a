"""What a timeline says of each event: one short line that a colleague understands at once."""

from collections.abc import Callable
from typing import Any

from models import Outcome, Point, Respondent
from services.measure_library import measure
from services.measure_words import OUTCOMES, POINTS, answered_by
from ui.components import words
from ui.components.consent_words import PURPOSES
from ui.components.referral_words import STATES

ROUTES = {
    "call": "By phone",
    "text": "By text",
    "voicemail": "By voicemail",
    "whatsapp": "By WhatsApp",
    "email": "By email",
    "post": "By post",
    "via_worker": "Through a worker",
    "online": "Online",
}
CONTACTS = {
    "spoke": "spoke with her",
    "sent": "message sent",
    "message_left": "message left",
    "no_answer": "no answer",
    "someone_else": "somebody else answered",
    "message_not_left": "no message left",
    "no_code_word": "no code word given",
    "wrong_number": "wrong number",
    "they_came_to_us": "she came to us",
}


def sentence(event: Any) -> str:
    """One event, a row of `services.timeline.events`, as a line of text."""
    return _SENTENCES[event.kind](event)


def _place(event: Any) -> str:
    what = "Waiting for a place" if event.state == "waiting" else "Given a place"
    return f"{what} in {event.about}"


def _attended(event: Any) -> str:
    sessions = "1 session" if event.state == "1" else f"{event.state} sessions"
    return f"Came to {sessions} of {event.about} up to this day"


def _measure(event: Any) -> str:
    point, respondent = event.detail.split()
    outcome = Outcome(event.state)
    named = f"{measure(event.about).short_title}, {POINTS[Point(point)].lower()}"
    whose = answered_by(Respondent(respondent))
    done = "" if outcome is Outcome.ANSWERED else f": {OUTCOMES[outcome].lower()}"
    return f"{named} ({whose}){done}"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "added": lambda _event: "Added to Alongside",
    "referral": lambda event: f"Referral: {STATES[event.state].lower()}",
    "place": _place,
    "place_ended": lambda event: f"Place in {event.about}: {words.label(event.state).lower()}",
    "attended": _attended,
    "measure": _measure,
    "contact": lambda event: f"{ROUTES[event.about]}: {CONTACTS[event.state]}",
    "consent": lambda event: f"Consent given: {_first_low(PURPOSES[event.state])}",
    "consent_withdrawn": lambda event: f"Consent withdrawn: {_first_low(PURPOSES[event.state])}",
    "risk": lambda event: f"Risk reviewed: {event.state}",
    "concern": lambda _event: "A concern was raised",
}


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]
