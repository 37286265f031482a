"""The concerns of the demonstration: overdue, decided, acted on and closed."""

from datetime import date, datetime, time, timedelta

from models import (
    Concern,
    ConcernEntry,
    EntryKind,
    GroupState,
    Incident,
    IncidentCorrection,
    OpenConcern,
    SafeNow,
)
from services import clock
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink

_SAID_AT, _DECIDED_AT = time(12, 20), time(16, 5)
_SOMEBODY = "A man outside the building, not known to us"
_HEARD, _NOT_HER = "A car stood outside the school twice", "It was somebody else’s school"
_STORIES = (  # days ago, about a participant, and what came of it; the oldest first
    (47, True, (EntryKind.DECISION, EntryKind.ACTION, EntryKind.CLOSED)),
    (19, False, (EntryKind.DECISION,)),
    (9, True, (EntryKind.DECISION, EntryKind.ACTION)),
    (1, True, ()),
)
_WORDS = {
    EntryKind.DECISION: "concern_decision",
    EntryKind.ACTION: "concern_action",
    EntryKind.CLOSED: "concern_closed",
}
Seated = list[list[tuple[int, ...]]]


def write(
    sink: Sink, chance: Chance, courses: list[Course], seated: Seated, *, lead: int, today: date
) -> None:
    """A few concerns from the groups under way, decided on by the programme lead."""
    running = [
        (course, people)
        for course, people in zip(courses, seated, strict=True)
        if course.run.state is GroupState.RUNNING and people
    ]
    for number, (days, is_about_her, came_of_it) in enumerate(_STORIES if running else ()):
        course, people = running[number % len(running)]
        day = today - timedelta(days=days)
        person = people[number % len(people)][0] if is_about_her else None
        concern = _raise(sink, chance, course, person, day)
        decided_at = _entries(sink, chance, concern, lead, day, came_of_it)
        if EntryKind.CLOSED not in came_of_it:
            sink.add(
                OpenConcern,
                concern_id=concern,
                raised_at=_at(day, _SAID_AT),
                decided_at=decided_at,
            )
        if person is not None and not came_of_it:
            sink.add(
                Incident,
                person_id=person,
                happened_on=day,
                concern_id=concern,
                account_id=course.lead,
                recorded_at=_at(day, _SAID_AT),
            )
            _taken_back(sink, course, person, day - timedelta(days=12))


def _taken_back(sink: Sink, course: Course, person: int, day: date) -> None:
    """Something that was recorded of the wrong person, and put right the day after."""
    incident = sink.add(
        Incident,
        person_id=person,
        happened_on=day,
        words=_HEARD,
        account_id=course.lead,
        recorded_at=_at(day, _SAID_AT),
    )
    sink.add(
        IncidentCorrection,
        incident_id=incident,
        is_taken_back=True,
        words=_NOT_HER,
        account_id=course.lead,
        recorded_at=_at(day + timedelta(days=1), _SAID_AT),
    )


def _raise(sink: Sink, chance: Chance, course: Course, person: int | None, day: date) -> int:
    return sink.add(
        Concern,
        ref=chance.ref(),
        person_id=person,
        about=None if person else _SOMEBODY,
        raised_by_id=course.lead,
        raised_at=_at(day, _SAID_AT),
        noticed_at=_at(day, time(11)),
        facts=chance.word("concern_fact"),
        exact_words=chance.maybe(0.5, "concern_said") if person else None,
        opinion=chance.maybe(0.7, "concern_opinion"),
        safe_now=chance.choice(list(SafeNow)).value,
        told=chance.word("concern_told"),
    )


def _entries(
    sink: Sink,
    chance: Chance,
    concern: int,
    lead: int,
    day: date,
    came_of_it: tuple[EntryKind, ...],
) -> datetime | None:
    """What was added, the decision on the same day; gives back when that was."""
    for later, kind in enumerate(came_of_it):
        sink.add(
            ConcernEntry,
            concern_id=concern,
            kind=kind,
            at=_at(day + timedelta(days=3 * later), _DECIDED_AT),
            account_id=lead,
            words=chance.word(_WORDS[kind]),
        )
    return _at(day, _DECIDED_AT) if came_of_it else None


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.LONDON)
