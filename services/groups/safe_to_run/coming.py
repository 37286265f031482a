"""Which sessions of the coming days are safe to run, read for all of them at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from dateutil.relativedelta import relativedelta
from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from models import (
    OPEN_STATES,
    SEATED_PLACES,
    Group,
    GroupSession,
    Person,
    PersonKind,
    Place,
    SessionState,
)
from services import clock
from services.groups.pairs.halves import SIDE
from services.groups.safe_to_run import helpers, team
from services.groups.safe_to_run.verdict import Light, Plan, Verdict, judge
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from services.short_lists import NUMBERS, each_time, instant, once
from services.unchanged import while_unchanged
from services.visibility import visible_sessions

DAYS = 14
IN_TIME = 7  # days in which something can still be done about a red one
MOST = 100
_Found: TypeAlias = tuple[Row[*tuple[Any, ...]], ProgrammeTemplate]


@dataclass(frozen=True, slots=True)
class ComingSession:
    """A session to come, by the clock on the wall, and how it stands."""

    ref: str
    group_ref: str
    group: str
    number: int
    starts: datetime
    verdict: Verdict


@while_unchanged
def coming(db: Session, actor: Actor, *, days: int = DAYS) -> tuple[ComingSession, ...]:
    """How the sessions of the next days stand, the soonest first, up to 100 of them.

    A volunteer is named, and what stands against her said, only to those who may see volunteers.
    What it costs does not grow with the number of sessions but by their rows.
    """
    actor.require(Permission.KEEP_COVER)
    named = actor.may(Permission.READ_VOLUNTEERS)
    return _judged(db, _sessions(db, actor, days), named=named, in_full=True)


@while_unchanged
def red(db: Session, actor: Actor) -> tuple[ComingSession, ...]:
    """Those that cannot be held as they stand, in time to do something about it.

    With what makes them so alone: what is only to be settled is not looked up.
    """
    actor.require(Permission.KEEP_COVER)
    named = actor.may(Permission.READ_VOLUNTEERS)
    sessions = _judged(db, _sessions(db, actor, IN_TIME), named=named, in_full=False)
    return tuple(one for one in sessions if one.verdict.light is Light.RED)


def of_session(db: Session, held: GroupSession) -> Verdict:
    """How one session stands, whenever it is. A step of services that have asked; what it says
    names volunteers."""
    query = _facts().where(GroupSession.id == held.id)
    found = _with_programmes(db, db.execute(query).all())
    (session,) = _judged(db, found, named=True, in_full=True)
    return session.verdict


def _judged(
    db: Session, found: Sequence[_Found], *, named: bool, in_full: bool
) -> tuple[ComingSession, ...]:
    if not found:
        return ()
    group_ids = {session.group_id for session, _programme in found}
    staff, ages = team.of_groups(db, group_ids), _children(db, group_ids)
    sessions = [session for session, _programme in found]
    helping = helpers.of_sessions(db, sessions, named=named, in_full=in_full)
    today = clock.today()
    judged = []
    for session, programme in found:
        day = clock.local(session.starts_at, session.zone).date()
        plan = Plan(
            day=day,
            today=today,
            adults=(*staff.on(session.group_id, programme.key, day), *helping.at(session, day)),
            ages=tuple(_age(born, day, programme) for born, joined in ages[session.group_id]
                       if joined <= day),
            staff=programme.staff if session.side is None else programme.staff_of_half,
            children_per_adult=programme.children_per_adult,
            has_place=session.has_place,
            with_children=programme.audience != "adults",
        )  # fmt: skip
        starts = clock.wall(session.starts_at, session.zone)
        judged.append(
            ComingSession(
                session.ref, session.group_ref, session.code_name, session.number, starts,
                judge(plan),
            )
        )  # fmt: skip
    return tuple(judged)


def _sessions(db: Session, actor: Actor, days: int) -> list[_Found]:
    return _with_programmes(db, db.execute(_to_come(actor, days)).all())


def _with_programmes(db: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[_Found]:
    runs = programmes.of_groups(db, {row.group_id for row in rows}) if rows else {}
    return [(row, runs[row.group_id]) for row in rows]


@once
def _to_come(actor: Actor, days: int) -> Select[*tuple[Any, ...]]:
    starts = GroupSession.starts_at
    return (
        _facts()
        .where(
            starts >= each_time(starts, instant),
            starts < each_time(starts, lambda: clock.now() + timedelta(days=days)),
            GroupSession.state == SessionState.PLANNED,
            Group.state.in_(OPEN_STATES),
            visible_sessions(actor),
        )
        .order_by(starts, GroupSession.id)
        .limit(MOST)
    )


def _facts() -> Select[*tuple[Any, ...]]:
    """What is judged of a session, and no more: a venue is decrypted for nobody here."""
    has_place = or_(
        GroupSession.room_id.is_not(None), Group.venue.is_not(None), Group.online_link.is_not(None)
    )
    return select(
        GroupSession.id,
        GroupSession.ref,
        GroupSession.group_id,
        GroupSession.number,
        GroupSession.starts_at,
        GroupSession.zone,
        Group.ref.label("group_ref"),
        Group.code_name,
        has_place.label("has_place"),
        SIDE.label("side"),
    ).join(Group, Group.id == GroupSession.group_id)


def _children(
    db: Session, group_ids: Collection[int]
) -> defaultdict[int, list[tuple[date | None, date]]]:
    """Of each group, the children with a seat: born on, and with the group from."""
    found: defaultdict[int, list[tuple[date | None, date]]] = defaultdict(list)
    for group_id, born, joined in db.execute(_seated_children(), {NUMBERS.key: group_ids}):
        found[group_id].append((born, joined))
    return found


@cache
def _seated_children() -> Select[int, date | None, date]:
    return (
        select(Place.group_id, Person.date_of_birth, Place.joined_on)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id.in_(NUMBERS),
            Place.state.in_(SEATED_PLACES),
            Person.kind == PersonKind.CHILD,
        )
    )


def _age(born: date | None, day: date, programme: ProgrammeTemplate) -> int:
    """Where the birthday is not known, as young as the programme takes them."""
    return programme.age_min if born is None else relativedelta(day, born).years
