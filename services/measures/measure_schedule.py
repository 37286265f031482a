"""Which forms a programme asks for, of whom and when; and which are still to be taken."""

from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import pandas as pd
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupState,
    MeasureForm,
    Outcome,
    Person,
    Place,
    PlaceState,
    Point,
    Respondent,
)
from services import clock
from services.groups.groups import find
from services.measures.measure_library import measure
from services.measures.measure_words import POINTS, answered_by
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.programmes import completed_by, programmes
from services.programmes.programme_library import ProgrammeTemplate, ScheduledMeasure
from services.unchanged import while_unchanged
from services.visibility import visible_groups, visible_places

# Domain §3.4: a form belongs to its point from a week before until three weeks after it.
BEFORE, AFTER = timedelta(days=7), timedelta(days=21)
IN_THE_GROUP = (PlaceState.ACCEPTED, PlaceState.STARTED, PlaceState.COMPLETED)
WITH_FORMS = (*IN_THE_GROUP, PlaceState.LEFT_EARLY, PlaceState.TRANSFERRED)
MOST_GROUPS = 50
_MOST_PEOPLE = 300
# The longest a form is asked for after a group's end: its follow-up, and the weeks for it.
_OVER = timedelta(weeks=60)
_PUT_OFF = (Outcome.NOT_TODAY, Outcome.NO_TIME)
_Kept: TypeAlias = Row[*tuple[Any, ...]]
_Form: TypeAlias = tuple[int, str, Respondent, Point]
_WITHOUT_FORMS = (GroupState.CLOSED, GroupState.CANCELLED)
_COLUMNS = [
    "place", "person_ref", "name", "kind", "measure", "respondent", "point", "form", "status",
    "taken_on", "version",
]  # fmt: skip
_STATUS_AT = _COLUMNS.index("status")
_SHOWN = (
    Place.id, Place.ref, Place.state, Place.topics_covered, Place.joined_on, *NAMED, Person.kind,
)  # fmt: skip


class _Run(NamedTuple):
    """A group with the version of the programme it is a run of."""

    group: Group
    programme: ProgrammeTemplate


@while_unchanged
def groups(db: Session, actor: Actor) -> dict[str, str]:
    """The groups whose forms she may record, newest first: reference to code name.

    Finished ones are among them until they are closed: end forms often come in late.
    """
    actor.require(Permission.RECORD_MEASURES)
    query = (
        select(Group.ref, Group.code_name)
        .where(visible_groups(actor), Group.state.not_in(_WITHOUT_FORMS))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(MOST_GROUPS)
    )
    return dict(db.execute(query).all())


@while_unchanged
def schedule(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """Every form the programme asks of each person in a group, those due first.

    Columns: place, person_ref, name, kind, measure, respondent, point, form (in words), status
    (due, later, late, recorded), taken_on and version (0 when there is no form yet). A form put
    off ("not appropriate today", "ran out of time") stays due. Late is one whose weeks are over:
    it can still be entered from paper.
    """
    actor.require(Permission.RECORD_MEASURES)
    people = (
        select(*_SHOWN)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(Group.ref == group_ref, Place.state.in_(WITH_FORMS), visible_places(actor))
        .order_by(Place.asked_at, Place.id)
    )
    found = db.execute(people).all()
    kept = _forms(db, [one.id for one in found])
    run = _run(db, actor, group_ref) if found else None
    rows = [
        _row(one, run, entry, Point(point), kept)
        for one in found
        if run is not None
        for entry in run.programme.measures
        if entry.about == one.kind.value
        for point in entry.points
    ]
    rows.sort(key=lambda row: row[_STATUS_AT] != "due")
    return pd.DataFrame(rows, columns=_COLUMNS)


@while_unchanged
def due_everywhere(db: Session, actor: Actor) -> pd.DataFrame:
    """What is due in all her groups, first whatever its weeks are over soonest.

    Columns: group_ref, group, until (the last day of its weeks; None where topics decide), and
    those of `schedule`.
    """
    actor.require(Permission.RECORD_MEASURES)
    people = (
        select(*_SHOWN, Group)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            visible_groups(actor),
            visible_places(actor),
            Group.state.not_in(_WITHOUT_FORMS),
            Group.ends_on >= clock.today() - _OVER,
            Place.state.in_(IN_THE_GROUP),
        )
        .order_by(Group.starts_on.desc(), Place.asked_at, Place.id)
        .limit(_MOST_PEOPLE)
    )
    found = db.execute(people).all()
    kept = _forms(db, [one.id for one in found])
    known = programmes.of_groups(db, {one.Group.id for one in found})
    rows: list[tuple[date, tuple[object, ...]]] = []
    for one in found:
        run = _Run(one.Group, known[one.Group.id])
        for entry in run.programme.measures:
            for point in map(Point, entry.points if entry.about == one.kind.value else ()):
                row = _row(one, run, entry, point, kept)
                if row[_STATUS_AT] == "due":
                    day = None if _by_topics(run, point) else _day(one, run, point)
                    until = None if day is None else day + AFTER
                    facts = (run.group.ref, run.group.code_name, until, *row)
                    rows.append((until or date.max, facts))
    rows.sort(key=itemgetter(0))
    return pd.DataFrame(
        [facts for _until, facts in rows], columns=["group_ref", "group", "until", *_COLUMNS]
    )


def _run(db: Session, actor: Actor, group_ref: str) -> _Run:
    group = find(db, actor, group_ref)
    return _Run(group, programmes.of_group(db, group))


def _forms(db: Session, place_ids: list[int]) -> dict[_Form, _Kept]:
    """What is recorded, without the answers."""
    query = select(
        MeasureForm.place_id,
        MeasureForm.measure,
        MeasureForm.respondent,
        MeasureForm.point,
        MeasureForm.outcome,
        MeasureForm.taken_on,
        MeasureForm.version,
    ).where(MeasureForm.place_id.in_(place_ids))
    return {
        (row.place_id, row.measure, row.respondent, row.point): row for row in db.execute(query)
    }


def _row(
    one: _Kept,
    run: _Run,
    entry: ScheduledMeasure,
    point: Point,
    kept: dict[_Form, _Kept],
) -> tuple[object, ...]:
    respondent = Respondent(entry.respondent)
    form = kept.get((one.id, entry.measure, respondent, point))
    asked = f"{measure(entry.measure).short_title}, {answered_by(respondent, one.kind)}"
    return (
        one.ref,
        one.person_ref,
        full_name(one),
        one.kind.value,
        entry.measure,
        entry.respondent,
        point.value,
        f"{asked}, {POINTS[point].lower()}",
        _status(one, run, point, form),
        form.taken_on if form else None,
        form.version if form else 0,
    )


def _status(place: _Kept, run: _Run, point: Point, form: _Kept | None) -> str:
    if form is not None and form.outcome not in _PUT_OFF:
        return "recorded"
    if place.state not in IN_THE_GROUP:
        return "later"
    if _by_topics(run, point):
        return "due" if _has_covered(place, run.group, point) else "later"
    day = _day(place, run, point)
    if day is None or clock.today() < day - BEFORE:
        return "later"
    return "due" if clock.today() <= day + AFTER else "late"


def _by_topics(run: _Run, point: Point) -> bool:
    """Whether no day decides but how many topics somebody has covered."""
    counts = completed_by.required(run.group).counts
    return counts == "topics" and point in (Point.MIDDLE, Point.END)


def _day(place: _Kept, run: _Run, point: Point) -> date | None:
    """The day a point falls on; None where the programme has no such point."""
    group, weeks = run.group, run.programme.follow_up_weeks
    if point is Point.START:
        joined: date = place.joined_on
        return max(group.starts_on, joined)
    if point is Point.MIDDLE:
        return group.starts_on + (group.ends_on - group.starts_on) / 2
    if point is Point.END:
        return group.ends_on
    return None if weeks is None else group.ends_on + timedelta(weeks=weeks)


def _has_covered(place: _Kept, group: Group, point: Point) -> bool:
    """Whether she has come to the end of the topics that complete the run, or to the middle."""
    rounds = 1 if point is Point.END else 2
    covered: int = place.topics_covered
    return rounds * covered >= completed_by.required(group).needed
