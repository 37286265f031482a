"""How people in a group stand: who can still complete, how far one has come, and all together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from models import (
    HELD_PLACES,
    NEVER_TAKEN_UP,
    OPEN_STATES,
    Group,
    GroupSession,
    Mark,
    Place,
    SessionState,
)
from services import audit
from services.attendance import ENGAGED_FROM, Rates, rates
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.programmes import completion, programmes, topics_left
from services.programmes.completed_by import beyond
from services.programmes.completion import Prospect, Taken, TopicsOutlook, Verdict
from services.short_lists import once
from services.tallies import session_counts
from services.tallies.shares import Share, share
from services.visibility import visible_places

# A place somebody has: its reference and number, whose it is, from when, and what she covered.
_Held: TypeAlias = Row[str, int, int, date, int]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How far the people of one group have come; each person counts once.

    Whoever enrolled and never came stays in the number of the enrolled.
    """

    enrolled: int
    started: Share  # of those enrolled
    engaged: Share  # of those enrolled
    completed: Share  # of those enrolled
    completed_of_started: Share


@dataclass(frozen=True, slots=True)
class PlaceStanding:
    """One person's marks in figures, and what each rule says of them."""

    rates: Rates
    verdicts: tuple[Verdict, ...]
    topics: TopicsOutlook | None  # in a rolling group alone


def prospects(db: Session, actor: Actor, group: Group) -> dict[str, Prospect | TopicsOutlook]:
    """For everybody with a seat in a running group: whether she can still complete.

    By the reference of her place, in a group that was found for this reader. In a group with an
    end it reads the sums kept with places and the registers not yet finished, in a rolling one
    what each has covered; never all marks. An open or ended group has nobody to help: nothing.
    """
    actor.require(Permission.READ_PEOPLE)
    if group.state not in OPEN_STATES or programmes.of_group(db, group).kind == "open":
        return {}
    places = db.execute(_held(actor), {"group": group.id}).all()
    counted = _of_sessions if group.topics_to_complete is None else _of_topics
    return {**counted(db, group, places)}


@once
def _held(actor: Actor) -> Select[str, int, int, date, int]:
    return select(Place.ref, Place.id, Place.person_id, Place.joined_on, Place.covered).where(
        Place.group_id == bindparam("group"),
        Place.state.in_(HELD_PLACES),
        visible_places(actor),
    )


def _of_topics(db: Session, group: Group, places: Sequence[_Held]) -> dict[str, TopicsOutlook]:
    found = topics_left.of_people(db, group, [person for _ref, _id, person, *_ in places])
    return {ref: found[person] for ref, _id, person, *_ in places}


def _of_sessions(db: Session, group: Group, places: Sequence[_Held]) -> dict[str, Prospect]:
    held = db.execute(
        select(GroupSession.id, GroupSession.local_start, GroupSession.finished_at).where(
            GroupSession.group_id == group.id, GroupSession.state != SessionState.CANCELLED
        )
    ).all()
    still_open = {number: starts for number, starts, finished in held if finished is None}
    marked = _marked(db, still_open)
    return {
        ref: _prospect(joined_on, covered, group, len(held), still_open, marked[number])
        for ref, number, _person, joined_on, covered in places
    }


def figures(db: Session, actor: Actor, group: Group) -> GroupFigures:
    """Started, engaged and completed in one group, of those enrolled and of those who started.

    The group is one that was found for this reader.
    """
    actor.require(Permission.READ_GROUPS)
    people = db.execute(_sums(), {"group": group.id}).all()
    enrolled = len(people)
    started = [past for attended, past in people if attended >= 1]
    engaged = sum(attended >= ENGAGED_FROM for attended, _past in people)
    return GroupFigures(
        enrolled=enrolled,
        started=share(len(started), enrolled),
        engaged=share(engaged, enrolled),
        completed=share(sum(past >= 0 for _came, past in people), enrolled),
        completed_of_started=share(sum(past >= 0 for past in started), len(started)),
    )


@cache
def _sums() -> Select[int, int]:
    """How often each of them came, and by how much each covers more than it takes."""
    return (
        select(func.max(Place.attended), func.max(beyond()))
        .join(Group, Group.id == Place.group_id)
        .where(Place.group_id == bindparam("group"), Place.state.not_in(NEVER_TAKEN_UP))
        .group_by(Place.person_id)
    )


def of_place(db: Session, actor: Actor, place_ref: str) -> PlaceStanding:
    """One person's rates and what each rule of completion says; the look is audited."""
    actor.require(Permission.READ_PEOPLE)
    found = db.execute(
        select(Place, Group)
        .join(Group, Group.id == Place.group_id)
        .where(Place.ref == place_ref, visible_places(actor))
    ).one_or_none()
    if found is None:
        raise NotFoundError("place")
    place, group = found
    query = (
        select(GroupSession.number, GroupSession.local_start, Mark.code, session_counts.IS_HELD)
        .outerjoin(Mark, (Mark.session_id == GroupSession.id) & (Mark.place_id == place.id))
        .where(GroupSession.group_id == group.id, GroupSession.state != SessionState.CANCELLED)
        .order_by(GroupSession.number)
    )
    rows = db.execute(query).all()
    taken = Taken(
        codes={number: code for number, _starts, code, _is_held in rows},
        final=rows[-1][0] if rows else None,
    )
    topics = None
    if group.topics_to_complete is not None:
        topics = topics_left.of_people(db, group, [place.person_id])[place.person_id]
    audit.viewed(db, actor, f"place:{place_ref}")
    return PlaceStanding(
        rates=rates(_expected_marks(place, rows)),
        verdicts=completion.verdicts(taken, needed=group.sessions_to_complete, topics=topics),
        topics=topics,
    )


def _expected_marks(
    place: Place, rows: Iterable[tuple[int, datetime, str | None, bool]]
) -> list[str | None]:
    """Her marks in sessions that were held, with those still to come; outside her time in the group
    she is not expected."""
    return [
        (code if is_held else None) or (None if _is_in(place, starts.date()) else "N")
        for _number, starts, code, is_held in rows
    ]


def _is_in(place: Place, day: date) -> bool:
    return place.joined_on <= day and (place.left_on is None or day <= place.left_on)


def _prospect(
    joined_on: date,
    covered: int,
    group: Group,
    held: int,
    still_open: dict[int, datetime],
    marked: set[int],
) -> Prospect:
    left = sum(
        number not in marked and starts.date() >= joined_on for number, starts in still_open.items()
    )
    missed = max(0, held - covered - left)
    return completion.prospect(covered, left, missed, group.sessions_to_complete)


def _marked(db: Session, still_open: dict[int, datetime]) -> defaultdict[int, set[int]]:
    """For each place, the sessions of unfinished registers in which it has a mark."""
    query = select(Mark.place_id, Mark.session_id).where(
        Mark.session_id.in_(still_open), Mark.code.is_not(None)
    )
    marked: defaultdict[int, set[int]] = defaultdict(set)
    for place, session in db.execute(query):
        marked[place].add(session)
    return marked
