"""What the rota's services read again and again: shifts, commitments, since when somebody helps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import Date, Select, func, or_, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    SEATED_PLACES,
    Group,
    GroupSession,
    Person,
    Place,
    Placement,
    PlacementRole,
    SessionState,
    Shift,
    Stage,
    StageChange,
    Volunteer,
)
from services import clock
from services.volunteers.rota.problem import Commitment

Held: TypeAlias = tuple[Shift, GroupSession]
_EVERYBODYS = "english"
_A_MONTH = timedelta(days=31)


def shifts_in(db: Session, session_ids: Collection[int], without: Collection[int]) -> list[Held]:
    """The current shifts in these sessions, whoever has them."""
    return _held(db, _current(without).where(Shift.session_id.in_(session_ids)))


def shifts_of(
    db: Session, volunteer_ids: Collection[int], since: date, without: Collection[int]
) -> list[Held]:
    """The current shifts of these volunteers from a day on, in whichever group."""
    query = _current(without).where(
        Shift.volunteer_id.in_(volunteer_ids),
        GroupSession.starts_at >= clock.start_of_day(since),
    )
    return _held(db, query)


def commitments(
    db: Session, volunteer_ids: Collection[int], since: date, held: Iterable[Held]
) -> list[Commitment]:
    """The groups they have taken on: while placed there, and from first shift to last."""
    query = (
        select(Placement.volunteer_id, Group, Placement.starts_on, Placement.ends_on)
        .join(Group, Group.id == Placement.group_id)
        .where(
            Placement.volunteer_id.in_(volunteer_ids),
            or_(Placement.ends_on.is_(None), Placement.ends_on >= since),
            # Looking on leads up to a group of her own, and needs no rest once it is over.
            or_(Placement.ends_on.is_(None), Placement.role != PlacementRole.SHADOWING),
        )
    )
    found = [
        Commitment(who, group.id, starts, max(starts, ends or group.ends_on))
        for who, group, starts, ends in db.execute(query)
    ]
    days: defaultdict[tuple[int, int], list[date]] = defaultdict(list)
    for shift, session in held:
        days[shift.volunteer_id, session.group_id].append(day_of(session))
    return found + [Commitment(who, group, min(of), max(of)) for (who, group), of in days.items()]


def expected_at(
    db: Session,
    volunteer_ids: Collection[int],
    sessions: Sequence[GroupSession],
    besides: Collection[int],
) -> list[tuple[GroupSession, Placement]]:
    """The sessions of groups they are placed with, from a month before the first of these to a
    month after the last, to which nobody was asked: then whoever is placed helps."""
    first, last = day_of(min(sessions, key=day_of)), day_of(max(sessions, key=day_of))
    day = func.date(GroupSession.local_start, type_=Date)
    asked = select(Shift.id).where(Shift.session_id == GroupSession.id)
    query = (
        select(GroupSession, Placement)
        .join(Placement, Placement.group_id == GroupSession.group_id)
        .where(
            Placement.volunteer_id.in_(volunteer_ids),
            GroupSession.starts_at >= clock.start_of_day(first - _A_MONTH),
            GroupSession.starts_at < clock.start_of_day(last + _A_MONTH),
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.id.not_in(besides),
            Placement.starts_on <= day,
            or_(Placement.ends_on.is_(None), Placement.ends_on >= day),
            ~asked.exists(),
        )
    )
    return [(session, placement) for session, placement in db.execute(query)]


def settled(
    db: Session, volunteer_ids: Collection[int], held: Iterable[Held]
) -> set[tuple[int, int]]:
    """Who is with which group although there was something to weigh: a coordinator has."""
    query = select(Placement.volunteer_id, Placement.group_id).where(
        Placement.volunteer_id.in_(volunteer_ids),
        Placement.ends_on.is_(None),
        Placement.despite.is_not(None),
    )
    found = {(who, group) for who, group in db.execute(query)}
    return found | {
        (shift.volunteer_id, session.group_id)
        for shift, session in held
        if shift.despite is not None
    }


def active_since(db: Session, volunteer_ids: Collection[int]) -> dict[int, date]:
    """On which day each became active for the first time."""
    query = (
        select(StageChange.volunteer_id, func.min(StageChange.changed_on))
        .where(StageChange.volunteer_id.in_(volunteer_ids), StageChange.to_stage == Stage.ACTIVE)
        .group_by(StageChange.volunteer_id)
    )
    return dict(db.execute(query).all())


def groups_of(db: Session, group_ids: Collection[int]) -> dict[int, Group]:
    """These groups by their numbers."""
    return {one.id: one for one in db.scalars(select(Group).where(Group.id.in_(group_ids)))}


def languages_in(db: Session, group_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The languages besides English of those with a seat in each group: in small letters to how
    each is written."""
    query = (
        select(Place.group_id, Person.language)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id.in_(group_ids),
            Place.state.in_(SEATED_PLACES),
            Person.language.is_not(None),
        )
        .distinct()
    )
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for group, language in db.execute(query):
        if language and language.casefold() != _EVERYBODYS:
            found[group][language.casefold()] = language
    return dict(found)


def others(db: Session, held: Iterable[Held], known: Sequence[Volunteer]) -> list[Volunteer]:
    """Those who hold one of these shifts and are not known yet."""
    missing = {shift.volunteer_id for shift, _session in held} - {one.id for one in known}
    if not missing:
        return []
    return list(db.scalars(select(Volunteer).where(Volunteer.id.in_(missing))))


def day_of(session: GroupSession) -> date:
    """The day of a session where the service is."""
    return clock.local(session.starts_at, session.zone).date()


def _current(without: Collection[int]) -> Select[Shift, GroupSession]:
    return (
        select(Shift, GroupSession)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            Shift.state.in_(CURRENT_SHIFTS),
            Shift.id.not_in(without),
            GroupSession.state != SessionState.CANCELLED,
        )
    )


def _held(db: Session, query: Select[Shift, GroupSession]) -> list[Held]:
    return [(shift, session) for shift, session in db.execute(query)]
