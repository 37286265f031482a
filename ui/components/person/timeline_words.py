"""What a timeline says of each event: one short line that a colleague understands at once."""

from collections.abc import Callable
from typing import Any

from models import Outcome, Point, Respondent
from services.measures.measure_library import measure
from services.measures.measure_words import OUTCOMES as FORMS
from services.measures.measure_words import POINTS, answered_by
from ui.components import words
from ui.components.people.consent_words import PURPOSES
from ui.components.people.contact_words import OUTCOMES, ROUTES
from ui.components.referrals.referral_words import STATES


def sentence(event: Any) -> str:
    """One event, a row of `services.people.timeline.events`, as a line of text."""
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
    done = "" if outcome is Outcome.ANSWERED else f": {FORMS[outcome].lower()}"
    return f"{named} ({whose}){done}"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "added": lambda _event: "Added to Alongside",
    "referral": lambda event: f"Referral: {STATES[event.state].lower()}",
    "place": _place,
    "place_ended": lambda event: f"Place in {event.about}: {words.label(event.state).lower()}",
    "attended": _attended,
    "catch_up": lambda event: f"Caught up on session {event.state} of {event.about}",
    "measure": _measure,
    "contact": lambda event: f"{ROUTES[event.about]}: {_first_low(OUTCOMES[event.state])}",
    "consent": lambda event: f"Consent given: {_first_low(PURPOSES[event.state])}",
    "consent_refused": lambda event: f"Said no: {_first_low(PURPOSES[event.state])}",
    "consent_withdrawn": lambda event: f"Consent withdrawn: {_first_low(PURPOSES[event.state])}",
    "risk": lambda event: f"Risk reviewed: {event.state}",
    "concern": lambda _event: "A concern was raised",
}


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]
