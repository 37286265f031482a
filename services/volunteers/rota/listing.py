"""The rota as it stands: sessions to come, who covers what, and what is open still."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models import OPEN_STATES, Group, GroupSession, Relief, SessionState, Shift, Volunteer
from services import clock
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_sessions
from services.volunteers.rota import check, facts, needs, stored
from services.volunteers.rota.problem import Need
from services.volunteers.rota.stored import Held

PAGE = 50
Position: TypeAlias = tuple[datetime, int]  # the last session shown: when, and its number


@dataclass(frozen=True, slots=True)
class Covered:
    """Somebody in the rota. `against`: the rule that has come to speak against it, if one has.

    To whoever plans, `asks_relief` of her who would like somebody else to take it; and whoever is
    asked to, who stands for nothing yet, `takes_over`.
    """

    ref: str
    name: str
    role: str
    state: str
    version: int
    against: str | None = None
    asks_relief: bool = False
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class SessionCover:
    """A session with who covers it, and how many are open still, by role.

    `is_alone` where one person stands in a role that nobody does alone.
    """

    position: Position
    ref: str
    group: str
    number: int
    topic: str
    starts: datetime  # on the wall
    people: tuple[Covered, ...]
    missing: tuple[tuple[str, int], ...]
    is_alone: bool


@while_unchanged
def coming(db: Session, actor: Actor, *, after: Position | None = None) -> list[SessionCover]:
    """A page of the sessions to come that she may see, the next first."""
    actor.require(Permission.READ_ROTA)
    query = (
        select(GroupSession, Group.code_name)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(actor),
            GroupSession.starts_at > clock.now(),
            GroupSession.state != SessionState.CANCELLED,
            Group.state.in_(OPEN_STATES),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(PAGE)
    )
    if after is not None:
        query = query.where(tuple_(GroupSession.starts_at, GroupSession.id) > after)
    rows = [(session, group) for session, group in db.execute(query)]
    return _covers(db, actor, rows)


def session(db: Session, actor: Actor, ref: str) -> SessionCover:
    """One session to come. For a coordinator, what speaks against whom is found out anew."""
    actor.require(Permission.READ_ROTA)
    query = (
        select(GroupSession, Group.code_name)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.ref == ref, visible_sessions(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("session")
    one, group = row
    return _covers(db, actor, [(one, group)], looks_again=actor.may(Permission.PLAN_ROTA))[0]


def _covers(
    db: Session,
    actor: Actor,
    rows: Sequence[tuple[GroupSession, str]],
    *,
    looks_again: bool = False,
) -> list[SessionCover]:
    needed = needs.of_groups(db, {one.group_id for one, _group in rows})
    plans = actor.may(Permission.PLAN_ROTA)
    here = stored.shifts_in(db, [one.id for one, _group in rows], ())
    held = [pair for pair in here if plans or not pair[0].takes_over]
    names = _names(db, actor, held)
    against = _against(db, rows[0][0], held) if looks_again and held else {}
    people: defaultdict[int, list[Covered]] = defaultdict(list)
    for shift, _session in sorted(held, key=lambda pair: (pair[0].role.value, pair[0].slot)):
        one = _covered(shift, names, against.get(shift.id), plans=plans)
        people[shift.session_id].append(one)
    return [_cover(one, group, tuple(people[one.id]), needed[one.group_id]) for one, group in rows]


def _cover(
    one: GroupSession, group: str, people: tuple[Covered, ...], needed: tuple[Need, ...]
) -> SessionCover:
    there = {
        need.role: sum(who.role == need.role and not who.takes_over for who in people)
        for need in needed
    }
    return SessionCover(
        position=(one.starts_at, one.id),
        ref=one.ref,
        group=group,
        number=one.number,
        topic=one.topic,
        starts=clock.wall(one.starts_at, one.zone),
        people=people,
        missing=tuple(
            (need.role, need.count - there[need.role])
            for need in needed
            if there[need.role] < need.count
        ),
        is_alone=any(0 < there[need.role] < need.least for need in needed),
    )


def _covered(shift: Shift, names: dict[int, str], against: str | None, *, plans: bool) -> Covered:
    return Covered(
        shift.ref, names[shift.volunteer_id], shift.role.value, shift.state.value, shift.version,
        against, asks_relief=plans and shift.relief is Relief.ASKED, takes_over=shift.takes_over,
    )  # fmt: skip


def _names(db: Session, actor: Actor, held: Sequence[Held]) -> dict[int, str]:
    """In full for who may see volunteers; for a group's facilitators the first name alone."""
    numbers = {shift.volunteer_id for shift, _session in held}
    if not actor.may(Permission.READ_VOLUNTEERS):
        query = select(Volunteer.id, Volunteer.first_name).where(Volunteer.id.in_(numbers))
        return dict(db.execute(query).all())
    whole = select(Volunteer.id, Volunteer.first_name, Volunteer.last_name).where(
        Volunteer.id.in_(numbers)
    )
    return {number: f"{first} {last}" for number, first, last in db.execute(whole)}


def _against(db: Session, one: GroupSession, held: Sequence[Held]) -> dict[int, str]:
    """For shifts that would not be given today, by their numbers, the rule that says so."""
    found = facts.gather(db, [one], [])
    rules = {
        shift.id: check.stops(
            found.problem, found.problem.fixed - {facts.counted(shift)}, facts.stint(shift)
        )
        for shift, _session in held
    }
    return {number: rule for number, rule in rules.items() if rule is not None}
