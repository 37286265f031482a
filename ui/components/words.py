"""How states, dates and typed texts are written for people."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from services import clock
from services.programmes.completion import Required

LABELS = {
    "draft": "Draft",
    "recruiting": "Taking people",
    "confirmed": "Confirmed",
    "running": "Running",
    "finished": "Finished",
    "closed": "Closed",
    "paused": "Paused",
    "cancelled": "Cancelled",
    "planned": "Planned",
    "held": "Held",
    "moved": "Moved",
    "waiting": "Waiting",
    "offered": "Offered a seat",
    "accepted": "Has a place",
    "started": "Coming",
    "completed": "Completed",
    "left_early": "Left early",
    "transferred": "Moved to another group",
    "declined": "Not taken up",
    "adult": "Adult",
    "child": "Child",
    "coordinator": "Volunteer coordinator",
    "facilitator": "Group facilitator",
    "lead": "Programme lead",
    "administrator": "Administrator",
    "evaluator": "Evaluator",
    "engage_worker": "Engage worker",
    "volunteer": "Survivor volunteer",
}


# What ends a question or a clause means nothing there, and a screen reader would read its escape.
_MARKUP = re.compile(r"""([!"#$&()*+\-./:<=>@\[\\\]^_`{|}~])""")


def literal(text: str) -> str:
    """What somebody typed, for places that read Markdown: shown letter by letter, not obeyed."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def label(value: str) -> str:
    """A stored value in people's words."""
    return LABELS[value]


def listed(names: Sequence[str]) -> str:
    """Names, or numbers, as people write several of them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def to_complete(found: Required) -> str:
    """What completes a run: 9 of 12 sessions, or in a rolling group 11 topics, each once."""
    if found.counts == "topics":
        return f"{found.needed} topics, each once"
    return f"{found.needed} of {found.of} sessions"


def clock_time(moment: datetime) -> str:
    """A time as people say it: 10am, 1:30pm."""
    return clock.spoken(moment.time())


def day(moment: date) -> str:
    """A day as people say it: Wednesday 3 June 2026."""
    return clock.spoken_day(moment)


def short_day(moment: date) -> str:
    """A day in few letters, for tables: Wed 3 Jun."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def span(starts: datetime, ends: datetime) -> str:
    """From when to when: 10am to 12pm."""
    return f"{clock_time(starts)} to {clock_time(ends)}"
