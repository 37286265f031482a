"""Where a room or somebody would be needed twice at one time. Participants are only counted."""

import enum
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import (
    SEATED_PLACES,
    Account,
    Facilitation,
    Group,
    GroupSession,
    GroupState,
    Place,
    Placement,
    Room,
    SessionShape,
    SessionState,
    Volunteer,
)
from services import clock
from services.errors import InvalidInputError
from services.groups.staff.in_force import runs_now
from services.scheduling import LONGEST_MINUTES

MAX_REASON = 500
NEEDED = "Write why this is right all the same, or choose another day, time or room."
_OVER = (GroupState.FINISHED, GroupState.CLOSED, GroupState.CANCELLED)
_LONGEST = timedelta(minutes=LONGEST_MINUTES)


class Kind(enum.Enum):
    """What is needed twice."""

    ROOM = "room"
    FACILITATOR = "facilitator"
    VOLUNTEER = "volunteer"
    PARTICIPANTS = "participants"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time a group is to meet, and in which room (its number)."""

    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """A room, a facilitator or volunteer by name, or so many participants, needed elsewhere.

    `first` is the first time it happens, by the clock on the wall; `times` how often.
    """

    kind: Kind
    who: str
    people: int
    group: str
    first: datetime
    times: int


@dataclass(frozen=True, slots=True)
class _Found:
    """The sessions of other groups at the same times, and the groups' code names."""

    pairs: list[tuple[Slot, GroupSession]]
    names: dict[int, str]


def found(
    db: Session,
    slots: Sequence[Slot],
    *,
    facilitators: Collection[int],
    group_id: int | None = None,
    without: Collection[int] = (),
    beside: int | None = None,
) -> tuple[Clash, ...]:
    """What is needed twice if a group meets at these times; facilitators by their number.

    Groups in `without` are left out. `beside` is the other half of a pair: where both are together
    they are one session, and need nothing twice.

    What it costs depends on how many sessions there are in that span of time, not on how many
    there have been. No permission of its own: a step of services that have asked.
    """
    if not slots:
        return ()
    same_time = _at_the_same_time(db, slots, group_id, without)
    if beside is not None:
        same_time = _apart_from(same_time, beside)
    if not same_time.pairs:
        return ()
    others = {session.group_id for _slot, session in same_time.pairs}
    twice: list[tuple[Kind, str, int, int]] = [
        *((Kind.FACILITATOR, who, 1, group) for group, who in run_by(db, facilitators, others)),
        *((Kind.VOLUNTEER, who, 1, group) for group, who in helped_by(db, group_id, others)),
        *((Kind.PARTICIPANTS, "", people, group) for group, people in _sit(db, group_id, others)),
    ]
    by_group: defaultdict[int, list[GroupSession]] = defaultdict(list)
    for _slot, session in same_time.pairs:
        by_group[session.group_id].append(session)
    clashes = [
        _clash(kind, who, people, same_time.names[group], by_group[group])
        for kind, who, people, group in twice
    ]
    return tuple(_rooms(db, same_time)) + tuple(clashes)


def of_people(
    db: Session, group_id: int, people: Collection[int], *, without: Collection[int] = ()
) -> dict[int, Clash]:
    """Who of these has a seat in another group that meets when this one still will.

    By their number; where there are several such groups, the one that comes first.
    """
    to_come = select(GroupSession.starts_at, GroupSession.ends_at).where(
        GroupSession.group_id == group_id,
        GroupSession.starts_at >= clock.start_of_day(clock.today()),
        GroupSession.state.in_((SessionState.PLANNED, SessionState.MOVED)),
    )
    slots = [Slot(starts, ends) for starts, ends in db.execute(to_come)]
    if not slots or not people:
        return {}
    same_time = _at_the_same_time(db, slots, group_id, without)
    by_group: defaultdict[int, list[GroupSession]] = defaultdict(list)
    for _slot, session in same_time.pairs:
        by_group[session.group_id].append(session)
    seats = select(Place.person_id, Place.group_id).where(
        Place.person_id.in_(people), Place.group_id.in_(by_group), Place.state.in_(SEATED_PLACES)
    )
    found: dict[int, Clash] = {}
    for person, group in db.execute(seats):
        clash = _clash(Kind.PARTICIPANTS, "", 1, same_time.names[group], by_group[group])
        if person not in found or clash.first < found[person].first:
            found[person] = clash
    return found


def weighed(clashes: Sequence[Clash], despite: str) -> str | None:
    """The reason to keep with a change that clashes. Raises InvalidInputError without one."""
    if not clashes:
        return None
    if not despite.strip():
        raise InvalidInputError({"despite": NEEDED})
    if len(despite) > MAX_REASON:
        raise InvalidInputError({"despite": f"Shorten the reason to {MAX_REASON} letters."})
    return despite.strip()


def _at_the_same_time(
    db: Session, slots: Sequence[Slot], group_id: int | None, without: Collection[int]
) -> _Found:
    # The ends of the whole span let the index of starts be used, and no session lasts longer.
    begins = min(slot.starts_at for slot in slots) - _LONGEST
    ends = max(slot.ends_at for slot in slots)
    times = (
        and_(GroupSession.starts_at < slot.ends_at, GroupSession.ends_at > slot.starts_at)
        for slot in slots
    )
    query = (
        select(GroupSession, Group.code_name)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            GroupSession.starts_at > begins,
            GroupSession.starts_at < ends,
            or_(*times),
            GroupSession.state != SessionState.CANCELLED,
            Group.state.not_in(_OVER),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    apart = {*without, *([] if group_id is None else [group_id])}
    if apart:
        query = query.where(GroupSession.group_id.not_in(apart))
    rows = db.execute(query).all()
    pairs = [
        (slot, session)
        for session, _name in rows
        for slot in slots
        if session.starts_at < slot.ends_at and slot.starts_at < session.ends_at
    ]
    return _Found(pairs, {session.group_id: name for session, name in rows})


def _apart_from(found: _Found, beside: int) -> _Found:
    pairs = [
        (slot, session)
        for slot, session in found.pairs
        if session.group_id != beside or session.shape is not SessionShape.TOGETHER
    ]
    return _Found(pairs, found.names)


def _rooms(db: Session, same_time: _Found) -> list[Clash]:
    shared: defaultdict[tuple[int, int], list[GroupSession]] = defaultdict(list)
    for slot, session in same_time.pairs:
        if slot.room_id is not None and slot.room_id == session.room_id:
            shared[session.group_id, slot.room_id].append(session)
    if not shared:
        return []
    used = {room for _group, room in shared}
    names = dict(db.execute(select(Room.id, Room.name).where(Room.id.in_(used))).all())
    return [
        _clash(Kind.ROOM, names[room], 1, same_time.names[group], sessions)
        for (group, room), sessions in shared.items()
    ]


def run_by(db: Session, ours: Collection[int], others: Collection[int]) -> list[tuple[int, str]]:
    """Which of our facilitators run which of the other groups."""
    query = (
        select(Facilitation.group_id, Account.display_name)
        .join(Account, Account.id == Facilitation.account_id)
        .where(Facilitation.account_id.in_(ours), Facilitation.group_id.in_(others), runs_now())
        .order_by(Facilitation.id)
    )
    return [(group, given) for group, given in db.execute(query)]


def helped_by(db: Session, group_id: int | None, others: Collection[int]) -> list[tuple[int, str]]:
    """Which of our volunteers are placed with which of the other groups too."""
    if group_id is None:
        return []
    ours, theirs = aliased(Placement), aliased(Placement)
    today = clock.today()
    query = (
        select(theirs.group_id, Volunteer.first_name)
        .join(ours, ours.volunteer_id == theirs.volunteer_id)
        .join(Volunteer, Volunteer.id == theirs.volunteer_id)
        .where(
            ours.group_id == group_id,
            theirs.group_id.in_(others),
            *(or_(one.ends_on.is_(None), one.ends_on >= today) for one in (ours, theirs)),
        )
        .order_by(theirs.id)
    )
    return list(dict.fromkeys((group, name) for group, name in db.execute(query)))


def _sit(db: Session, group_id: int | None, others: Collection[int]) -> list[tuple[int, int]]:
    """How many people with a place in our group have one in which of the other groups too."""
    if group_id is None:
        return []
    ours, theirs = aliased(Place), aliased(Place)
    query = (
        select(theirs.group_id, func.count(theirs.person_id.distinct()))
        .join(ours, ours.person_id == theirs.person_id)
        .where(
            ours.group_id == group_id,
            theirs.group_id.in_(others),
            ours.state.in_(SEATED_PLACES),
            theirs.state.in_(SEATED_PLACES),
        )
        .group_by(theirs.group_id)
        .order_by(theirs.group_id)
    )
    return [(group, given) for group, given in db.execute(query)]


def _clash(kind: Kind, who: str, people: int, group: str, sessions: list[GroupSession]) -> Clash:
    first = min(sessions, key=lambda session: session.starts_at)
    wall = clock.wall(first.starts_at, first.zone)
    return Clash(kind, who, people, group, wall, len({one.id for one in sessions}))
