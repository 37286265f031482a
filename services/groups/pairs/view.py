"""What each half of a pair is shown of the other: how full it is and how far its register is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    HELD_PLACES,
    Group,
    GroupSession,
    Mark,
    Person,
    Place,
    SessionState,
)
from services import clock
from services.groups.groups import find
from services.groups.pairs.halves import Linked, Side, linked
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.registers import who_is_on
from services.unchanged import while_unchanged
from services.visibility import visible_groups, visible_people, visible_places

PAGE = 50


@dataclass(frozen=True, slots=True)
class OtherGroup:
    """The other half of a group's pair. `ref` is None for whoever may not open it."""

    side: Side  # whose the other half is
    code_name: str
    ref: str | None
    seated: int
    capacity: int
    out_of_step: tuple[datetime, ...]  # sessions to come that the other half has none for


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one register is: marks made of those expected."""

    marked: int
    expected: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class OtherRegister:
    """The other half's session at the same time. `session_ref` is None where she may not see it."""

    side: Side  # whose the other half is
    code_name: str
    session_ref: str | None
    shape: str | None
    number: int
    is_cancelled: bool
    theirs: Progress
    mine: Progress


def beside(db: Session, actor: Actor, group: Group) -> OtherGroup | None:
    """The other half of a group that was found; None where it stands alone."""
    actor.require(Permission.READ_GROUPS)
    half = linked(db, group.id)
    if half is None:
        return None
    other = db.get_one(Group, half.other_id)
    taken = select(func.count()).where(Place.group_id == other.id, Place.state.in_(HELD_PLACES))
    return OtherGroup(
        side=half.side.other,
        code_name=other.code_name,
        ref=other.ref if _may_open(db, actor, other) else None,
        seated=db.scalar(taken) or 0,
        capacity=other.capacity,
        out_of_step=_out_of_step(db, group.id, other.id),
    )


@while_unchanged
def of_session(db: Session, actor: Actor, session_ref: str) -> OtherRegister | None:
    """The other half's register of a session; None where there is none at that time.

    Whoever may not see that group is told numbers and no names.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, group = who_is_on.find_session(db, actor, session_ref)
    half = linked(db, group.id)
    theirs = _at_that_time(db, held, half) if half else None
    if half is None or theirs is None:
        return None
    other = db.get_one(Group, half.other_id)
    return OtherRegister(
        side=half.side.other,
        code_name=other.code_name,
        session_ref=theirs.ref if _may_open(db, actor, other) else None,
        shape=held.shape.value if held.shape else None,
        number=theirs.number,
        is_cancelled=theirs.state is SessionState.CANCELLED,
        theirs=_progress(db, theirs),
        mine=_progress(db, held),
    )


def suggestions(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """Whose family has a place in the other half, and who has none in this one.

    Columns: person_ref, name, because (who of the family has a place there).
    """
    actor.require(Permission.EDIT_PEOPLE)
    group = find(db, actor, group_ref)
    half = linked(db, group.id)
    if half is None:
        return _suggested([])
    there = _people_there(db, actor, half.other_id)
    here = select(Place.person_id).where(
        Place.group_id == group.id, Place.state.in_(CURRENT_PLACES)
    )
    query = (
        select(Person)
        .where(
            Person.family_id.in_(there),
            Person.kind == half.side.kind,
            Person.id.not_in(here),
            visible_people(actor),
        )
        .order_by(Person.id)
        .limit(PAGE)
    )
    return _suggested(
        [(one.ref, full_name(one), ", ".join(there[one.family_id])) for one in db.scalars(query)]
    )


def _people_there(db: Session, actor: Actor, group_id: int) -> dict[int, list[str]]:
    """By family, who has a place in the other half."""
    query = (
        select(Person)
        .join(Place, Place.person_id == Person.id)
        .where(
            Place.group_id == group_id,
            Place.state.in_(CURRENT_PLACES),
            visible_places(actor),
            visible_people(actor),
        )
        .order_by(Place.asked_at, Place.id)
    )
    found: dict[int, list[str]] = {}
    for one in db.scalars(query):
        found.setdefault(one.family_id, []).append(full_name(one))
    return found


def _suggested(rows: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_ref", "name", "because"])


def _may_open(db: Session, actor: Actor, group: Group) -> bool:
    return (
        db.scalar(select(Group.id).where(Group.id == group.id, visible_groups(actor))) is not None
    )


def _at_that_time(db: Session, held: GroupSession, half: Linked) -> GroupSession | None:
    """The other half's session while this one is on; one that takes place before a cancelled."""
    query = (
        select(GroupSession)
        .where(
            GroupSession.group_id == half.other_id,
            GroupSession.starts_at < held.ends_at,
            GroupSession.ends_at > held.starts_at,
        )
        .order_by(GroupSession.state == SessionState.CANCELLED, GroupSession.starts_at)
    )
    return db.scalars(query.limit(1)).one_or_none()


def _progress(db: Session, held: GroupSession) -> Progress:
    query = (
        select(func.count(Place.id), func.count(Mark.id))
        .outerjoin(
            Mark,
            (Mark.place_id == Place.id) & (Mark.session_id == held.id) & Mark.code.is_not(None),
        )
        .where(who_is_on.expected(held))
    )
    expected, marked = db.execute(query).one()
    return Progress(marked, expected, held.finished_at is not None)


def _out_of_step(db: Session, group_id: int, other_id: int) -> tuple[datetime, ...]:
    """The sessions of either half still to come while the other has none."""
    query = select(
        GroupSession.group_id, GroupSession.starts_at, GroupSession.ends_at, GroupSession.zone
    ).where(
        or_(GroupSession.group_id == group_id, GroupSession.group_id == other_id),
        GroupSession.state != SessionState.CANCELLED,
        GroupSession.starts_at >= clock.now(),
    )
    rows = db.execute(query).all()
    alone = {
        clock.local(one.starts_at, one.zone)
        for one in rows
        if not any(
            other.group_id != one.group_id
            and other.starts_at < one.ends_at
            and one.starts_at < other.ends_at
            for other in rows
        )
    }
    return tuple(sorted(alone))
