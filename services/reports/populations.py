"""Whom a report counts: frames of units without names, each with one day (see disclosure.tables).

Read from the data itself and not from kept counts: a report may be about any days.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from models import (
    NEVER_TAKEN_UP,
    Characteristic,
    Debrief,
    Group,
    GroupSession,
    Mark,
    MeasureForm,
    Outcome,
    Person,
    PersonKind,
    Place,
    PlaceState,
    Point,
    Referral,
    ReferralSource,
    ReferralState,
    Respondent,
    SessionState,
    Tally,
    VolunteerPresence,
)
from services import clock, programmes, quarters
from services.attendance import CODES
from services.characteristic_questions import questions
from services.characteristics import NOT_ASKED
from services.child_steps import strand_labels
from services.disclosure.tables import Population
from services.forms import stored
from services.measure_counts import STEPS
from services.measure_library import measures
from services.measure_words import VIEWS
from services.outcome_change import DIRECTIONS, VERDICTS, has_rule, movements
from services.people import AGE_BANDS, age_band
from services.referral_states import ENDED, ON_THE_WAY
from services.tallies import Kind

NO_PROGRAMME, NOT_KNOWN = "none", "Not known"
FIRST, AGAIN = "First referral", "Referred again"
ADULT, CHILD = "Adult", "Child"
REACHED, STILL, OVER = "Reached", "Waiting", "Ended before"
COMPLETED, CAME, NEVER = "Completed", "Started, not completed", "Not started"
BOTH_FORMS, START_ONLY, NO_FORMS = "Start and end", "Start only", "None yet"
THERE, CAUGHT_UP, AWAY = "There", "Caught up", "Not there"
HELPED = "Volunteer at a session"
UP, NOT_UP = "Up a step or more", "Not up"
SOURCES = {
    ReferralSource.AGENCY: "A partner agency",
    ReferralSource.SELF: "Self-referral",
    ReferralSource.INTERNAL: "Our other work",
}
CLOCKS = {
    "contact": "First contact",
    "offer": "An offer of a place",
    "session": "The first session",
}
# What became of a referral, in the words of domain §7.
RESULTS = {
    **dict.fromkeys(ON_THE_WAY, "On the way"),
    ReferralState.ACCEPTED: "Place accepted",
    ReferralState.STARTED: "In a group",
    ReferralState.COMPLETED: "Completed a group",
    ReferralState.LEFT_EARLY: "Left early",
    ReferralState.TRANSFERRED: "Moved to another group",
    ReferralState.NOT_NOW: "Not now",
    ReferralState.DECLINED: "Declined",
    ReferralState.NOT_SUITABLE: "Another service suits better",
    ReferralState.NO_SAFE_CONTACT: "Not reached safely",
}
MOST_SESSIONS = 60
_AGES = tuple(label for _, label in AGE_BANDS)


@dataclass(frozen=True, slots=True)
class Of:
    """One measure as one respondent answers it."""

    measure: str
    respondent: Respondent


def population(db: Session, name: str, first: date, last: date) -> Population:
    """Everybody counted under a name whose day lies in the period.

    Names are those of `_MAKERS`, `change:MEASURE:RESPONDENT` and `feedback:QUESTION`.
    """
    kind, _, key = name.partition(":")
    if kind == "change":
        return _change(db, key, first, last)
    if kind == "feedback":
        return _feedback(db, key, first, last)
    return _MAKERS[name](db, first, last)


def measured(db: Session, first: date, last: date) -> list[str]:
    """The measures with somebody's end form in the period and a start form, the most first."""
    pairs = _pairs(first, last).subquery()
    query = select(pairs.c.measure, pairs.c.respondent, func.count()).group_by(
        pairs.c.measure, pairs.c.respondent
    )
    counted = [(count, f"{name}:{who.value}") for name, who, count in db.execute(query)]
    known = measures()
    # The Steps give no verdicts (domain §2.6) and have a section of their own.
    known.pop(STEPS)
    return [key for _, key in sorted(counted, reverse=True) if key.split(":")[0] in known]


def _referrals(db: Session, first: date, last: date) -> Population:
    """Referrals by the day they came; a person's first one stands for the person."""
    whose = func.coalesce(Person.merged_into_id, Person.id)
    earliest = (
        select(whose.label("whose"), func.min(Referral.received_on).label("on"))
        .join(Person, Person.id == Referral.person_id)
        .group_by(whose)
        .subquery()
    )
    query = (
        select(
            Referral.received_on, Referral.source, Referral.state, Referral.first_contact_on,
            Referral.offered_on, Referral.first_session_on, whose, Person.kind,
            Person.date_of_birth, Group.programme, earliest.c.on,
        )
        .join(Person, Person.id == Referral.person_id)
        .join(earliest, earliest.c.whose == whose)
        .outerjoin(Place, Place.id == Referral.place_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .where(Referral.received_on.between(first, last))
        .order_by(Referral.received_on, Referral.id)
    )  # fmt: skip
    answers = _answers(db)
    seen: set[int] = set()
    rows = []
    for day, source, state, *stops, person, kind, born, programme, began in db.execute(query):
        is_first = day == began and person not in seen
        seen.add(person)
        ended = state in (*ENDED, ReferralState.NO_SAFE_CONTACT)
        waits = [_wait(day, on, is_over=ended) for on in stops]
        rows.append(
            (
                day, 1, clock.quarter(day), SOURCES[source], FIRST if is_first else AGAIN,
                ADULT if kind is PersonKind.ADULT else CHILD,
                age_band(born, today=day) or NOT_KNOWN, programme or NO_PROGRAMME, RESULTS[state],
                *(how for how, _ in waits), *(days for _, days in waits),
                *answers.get(person, (NOT_ASKED,) * len(questions().questions)),
            )
        )  # fmt: skip
    asked = {
        f"asked_{one.key}": (*one.choices.values(), NOT_ASKED) for one in questions().questions
    }
    columns = [
        "day", "count", "quarter", "source", "time", "who", "age", "programme", "result", *CLOCKS,
        *(f"{name}_days" for name in CLOCKS), *asked,
    ]  # fmt: skip
    labels = {
        "quarter": quarters.between(first, last),
        "source": tuple(SOURCES.values()),
        "time": (FIRST, AGAIN),
        "who": (ADULT, CHILD),
        "age": (*_AGES, NOT_KNOWN),
        "programme": (*programmes.titles(db), NO_PROGRAMME),
        "result": tuple(dict.fromkeys(RESULTS.values())),
        **dict.fromkeys(CLOCKS, (REACHED, STILL, OVER)),
        **asked,
    }
    return Population(pd.DataFrame(rows, columns=columns), labels)


def _places(db: Session, first: date, last: date) -> Population:
    """Places taken up, by the day they were joined."""
    forms = (
        select(
            MeasureForm.place_id,
            func.count().filter(MeasureForm.point == Point.START).label("start"),
            func.count().filter(MeasureForm.point == Point.END).label("end"),
        )
        .where(MeasureForm.outcome == Outcome.ANSWERED)
        .group_by(MeasureForm.place_id)
        .subquery()
    )
    query = (
        select(
            Place.joined_on, Place.state, Place.attended, Person.kind, Group.programme,
            func.coalesce(forms.c.start, 0), func.coalesce(forms.c.end, 0),
        )
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .outerjoin(forms, forms.c.place_id == Place.id)
        .where(Place.joined_on.between(first, last), Place.state.not_in(NEVER_TAKEN_UP))
    )  # fmt: skip
    counted: Counter[tuple[object, ...]] = Counter()
    for day, state, attended, kind, programme, start, end in db.execute(query):
        came = COMPLETED if state is PlaceState.COMPLETED else CAME if attended else NEVER
        filled = (BOTH_FORMS if end else START_ONLY) if start else NO_FORMS
        who = ADULT if kind is PersonKind.ADULT else CHILD
        counted[day, clock.quarter(day), programme, who, came, filled] += 1
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "who": (ADULT, CHILD),
        "came": (COMPLETED, CAME, NEVER),
        "forms": (BOTH_FORMS, START_ONLY, NO_FORMS),
    }
    return _counted(counted, labels)


def _attendance(db: Session, first: date, last: date) -> Population:
    """Marks of people who were expected, by the day of the session."""
    query = (
        select(
            GroupSession.starts_at, GroupSession.number, Group.programme, Mark.code, func.count()
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(Mark.code.is_not(None), *_in(first, last))
        .group_by(GroupSession.id, Group.id, Mark.code)
    )
    counted: Counter[tuple[object, ...]] = Counter()
    for starts, number, programme, letter, count in db.execute(query):
        code = CODES[str(letter)]
        if code.expected:
            how = THERE if code.attended else CAUGHT_UP if code.covers_content else AWAY
            day = clock.local(starts).date()
            counted[day, clock.quarter(day), programme, str(number), how] += count
    most = max((int(str(key[3])) for key in counted), default=1)
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "session": tuple(str(n + 1) for n in range(max(most, MOST_SESSIONS))),
        "how": (THERE, CAUGHT_UP, AWAY),
    }
    return _counted(counted, labels)


def _change(db: Session, key: str, first: date, last: date) -> Population:
    """People with a start and an end form of one measure, by the day of the end form."""
    name, _, respondent = key.partition(":")
    form = measures()[name]
    rows = []
    query = _pairs(first, last, Of(name, Respondent(respondent)))
    for day, _, _, programme, before, after in db.execute(query):
        pair = round(before * 100), round(after * 100)
        (moved,) = movements([(*pair, 1)], form)
        verdict = _verdicts(key)[moved.verdict]
        rows.append((day, 1, clock.quarter(day), programme, verdict, *pair))
    columns = ["day", "count", "quarter", "programme", "verdict", "start", "end"]
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "verdict": tuple(_verdicts(key).values()),
    }
    return Population(pd.DataFrame(rows, columns=columns), labels)


def _helped(db: Session, first: date, last: date) -> Population:
    """Volunteers at sessions held, each time she was there, by the day of the session."""
    query = (
        select(GroupSession.starts_at, GroupSession.ends_at, Group.programme)
        .join(Debrief, Debrief.session_id == GroupSession.id)
        .join(VolunteerPresence, VolunteerPresence.debrief_id == Debrief.id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state == SessionState.HELD, *_in(first, last))
    )
    rows = []
    for starts, ends, programme in db.execute(query):
        day = clock.local(starts).date()
        hours = (ends - starts) / timedelta(hours=1)
        rows.append((day, 1, clock.quarter(day), programme, HELPED, hours))
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "what": (HELPED,),
    }
    columns = ["day", "count", "quarter", "programme", "what", "hours"]
    return Population(pd.DataFrame(rows, columns=columns), labels)


def _strands(db: Session, first: date, last: date) -> Population:
    """Children's steps from start to end, from kept counts: by the quarter their group began."""
    counted: Counter[tuple[object, ...]] = Counter()
    names, views = strand_labels(), {view.value: words for view, words in VIEWS.items()}
    for row in _tallies(db, Kind.STRAND_PAIR, first, last):
        strand, _, view = row.key.partition(":")
        moved = UP if row.second > row.first else NOT_UP
        strand_and_view = f"{names[strand]}, {views[view].lower()}"
        counted[_day(row.period), row.period, row.programme, strand_and_view, moved] += row.count
    both = tuple(f"{name}, {view.lower()}" for name in names.values() for view in VIEWS.values())
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "strand": both,
        "moved": (UP, NOT_UP),
    }
    return _counted(counted, labels)


def _feedback(db: Session, key: str, first: date, last: date) -> Population:
    """Answers to one question, from kept counts: by the quarter the group began."""
    asked = {one.key: one for form in stored.newest(db).values() for one in form.questions}[key]
    counted: Counter[tuple[object, ...]] = Counter()
    for row in _tallies(db, Kind.FEEDBACK, first, last):
        if row.key == key and row.first in asked.labels:
            answer = asked.labels[row.first]
            counted[_day(row.period), row.period, row.programme, answer] += row.count
    labels = {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        "answer": tuple(asked.labels.values()),
    }
    return _counted(counted, labels)


_MAKERS: dict[str, Callable[[Session, date, date], Population]] = {
    "referrals": _referrals,
    "places": _places,
    "attendance": _attendance,
    "helped": _helped,
    "strands": _strands,
}


def _pairs(first: date, last: date, of: Of | None = None) -> Select[*tuple[Any, ...]]:
    """Start and end of the same people, by the day of the end form; of one measure or of all."""
    start, end = aliased(MeasureForm), aliased(MeasureForm)
    query = (
        select(
            end.taken_on, end.measure, end.respondent, Group.programme,
            start.total.label("before"), end.total.label("after"),
        )
        .join(
            start,
            (start.place_id == end.place_id)
            & (start.measure == end.measure)
            & (start.measure_version == end.measure_version)
            & (start.respondent == end.respondent),
        )
        .join(Place, Place.id == end.place_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            end.taken_on.between(first, last),
            end.point == Point.END,
            start.point == Point.START,
            end.total.is_not(None),
            start.total.is_not(None),
        )
    )  # fmt: skip
    if of is not None:
        query = query.where(end.measure == of.measure, end.respondent == of.respondent)
    return query


def _tallies(db: Session, kind: Kind, first: date, last: date) -> Sequence[Tally]:
    """Kept counts of the groups that began in quarters that lie whole in the period."""
    whole = []
    for quarter in quarters.between(first, last):
        begins, after = quarters.days_of(quarter)
        if first <= begins and after <= last + timedelta(days=1):
            whole.append(quarter)
    query = select(Tally).where(Tally.kind == kind.value, Tally.period.in_(whole))
    return db.scalars(query).all()


def _day(quarter: str) -> date:
    return quarters.days_of(quarter)[0]


def _verdicts(key: str) -> dict[str, str]:
    return VERDICTS if has_rule(measures()[key.partition(":")[0]]) else DIRECTIONS


def _answers(db: Session) -> dict[int, tuple[str, ...]]:
    """What people said about themselves, in the order of the questions."""
    asked = [one.key for one in questions().questions]
    words = {one.key: one.choices for one in questions().questions}
    given: dict[int, dict[str, str]] = {}
    query = select(Characteristic.person_id, Characteristic.question, Characteristic.answer)
    for person, question, answer in db.execute(query):
        if answer in words.get(question, {}):
            given.setdefault(person, {})[question] = words[question][answer]
    return {
        person: tuple(said.get(key, NOT_ASKED) for key in asked) for person, said in given.items()
    }


def _wait(received: date, on: date | None, *, is_over: bool) -> tuple[str, int | None]:
    if on is not None:
        return REACHED, (on - received).days
    return (OVER if is_over else STILL), None


def _in(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        GroupSession.starts_at >= clock.start_of_day(first),
        GroupSession.starts_at < clock.start_of_day(last + timedelta(days=1)),
    )


def _counted(
    counted: Counter[tuple[object, ...]], labels: dict[str, tuple[str, ...]]
) -> Population:
    rows = [(*key, count) for key, count in counted.items()]
    return Population(pd.DataFrame(rows, columns=["day", *labels, "count"]), labels)
