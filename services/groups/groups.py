"""Groups: each a run of a programme, its sessions, who facilitates it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from models import (
    OPEN_STATES,
    SEATED_PLACES,
    Account,
    CoveredTopic,
    Facilitation,
    Group,
    GroupSession,
    GroupState,
    Place,
    PlaceState,
    ProgrammeVersion,
    Room,
    SessionState,
)
from services import audit, clock
from services.errors import ConflictError, NotFoundError
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission
from services.programmes import completed_by, programmes
from services.programmes.completion import Required
from services.registers import register_locking as locking
from services.registers.covered_topics import in_words
from services.short_lists import NUMBERS, once, stated_in
from services.unchanged import while_unchanged
from services.visibility import visible_groups, visible_sessions

PAGE = 50
MAX_CAPACITY = 60


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group, as far as this reader may see it."""

    ref: str
    code_name: str
    programme: str
    programme_title: str
    state: str
    capacity: int
    seated: int
    waiting: int
    starts_on: date
    ends_on: date
    venue: str | None
    online_link: str | None
    facilitators: tuple[str, ...]
    to_complete: Required | None  # None where people come as they like
    version: int


def change_state(db: Session, actor: Actor, ref: str, state: GroupState, *, version: int) -> None:
    """Move a group on in its life. Raises ConflictError when somebody else has since."""
    actor.require(Permission.EDIT_GROUPS)
    group = find(db, actor, ref)
    if group.version != version:
        raise ConflictError(
            "Somebody else changed this group while you had it open.", theirs=group.state.value
        )
    before, group.state, group.changed_at = group.state, state, clock.now()
    audit.record(
        db, actor, "group.state_changed", f"group:{ref}", before=before.value, after=state.value
    )


def directory(
    db: Session, actor: Actor, *, only_open: bool = True, before: tuple[date, int] | None = None
) -> pd.DataFrame:
    """A page of the groups this reader may see, latest start first.

    Columns: number, ref, code_name, programme, state, starts, ends, capacity, seated, waiting.
    Give the last row's (starts, number) as `before` for the next page.
    """
    actor.require(Permission.READ_GROUPS)
    query = (
        _with_title()
        .where(visible_groups(actor))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    if only_open:
        query = query.where(stated_in(Group.state, OPEN_STATES))
    if before is not None:
        query = query.where(
            (Group.starts_on < before[0])
            | ((Group.starts_on == before[0]) & (Group.id < before[1]))
        )
    groups = db.execute(query).all()
    taken = _places_taken(db, [group.id for group, _title in groups])
    rows = [
        (
            group.id,
            group.ref,
            group.code_name,
            title,
            group.state.value,
            group.starts_on,
            group.ends_on,
            group.capacity,
            *taken.get(group.id, (0, 0)),
        )
        for group, title in groups
    ]
    columns = [
        "number", "ref", "code_name", "programme", "state", "starts", "ends", "capacity",
        "seated", "waiting",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def with_title(db: Session, actor: Actor, ref: str) -> tuple[Group, str]:
    """A group she may see and the title of its programme, for other services."""
    actor.require(Permission.READ_GROUPS)
    found = db.execute(_one_with_title(actor), {"group": ref}).one_or_none()
    if found is None:
        raise NotFoundError("group")
    group, title = found
    return group, title


@once
def _one_with_title(actor: Actor) -> Select[Group, str]:
    return _with_title().where(Group.ref == bindparam("group"), visible_groups(actor))


def summed_up(db: Session, group: Group, title: str) -> GroupSummary:
    """A group that was found, with how full it is and who runs it."""
    seated, waiting = _places_taken(db, [group.id]).get(group.id, (0, 0))
    names = db.scalars(_facilitators(), {"group": group.id})
    is_open = programmes.of_group(db, group).kind == "open"
    return GroupSummary(
        ref=group.ref,
        code_name=group.code_name,
        programme=group.programme,
        programme_title=title,
        state=group.state.value,
        capacity=group.capacity,
        seated=seated,
        waiting=waiting,
        starts_on=group.starts_on,
        ends_on=group.ends_on,
        venue=group.venue,
        online_link=group.online_link,
        facilitators=tuple(names),
        to_complete=None if is_open else completed_by.required(group),
        version=group.version,
    )


@cache
def _facilitators() -> Select[str]:
    return (
        select(Account.display_name)
        .join(Facilitation, Facilitation.account_id == Account.id)
        .where(Facilitation.group_id == bindparam("group"), runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    )


def sessions(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """A group's sessions in order of time: ref, number, topic, starts (local), ends (local),
    state ("moved" while one is planned at another time than it was), finished, room, reason (why
    it was cancelled), locked (finished, and for too long to be reopened by those who took it),
    covered (in words, None before it was said), shape (in a pair: together, apart or in turns)."""
    actor.require(Permission.READ_GROUPS)
    days = locking.days(db)
    rows = [
        (
            item.ref,
            item.number,
            item.topic,
            clock.local(item.starts_at, item.zone),
            clock.local(item.ends_at, item.zone),
            _state_shown(item),
            item.finished_at is not None,
            room or "",
            item.cancelled_reason or "",
            item.finished_at is not None
            and locking.has_locked(clock.local(item.starts_at, item.zone).date(), days),
            in_words(covering, topic),
            item.shape.value if item.shape else None,
        )
        for item, room, covering, topic in db.execute(_sessions_of_group(actor), {"group": ref})
    ]
    columns = [
        "ref", "number", "topic", "starts", "ends", "state", "finished", "room", "reason",
        "locked", "covered", "shape",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


@once
def _sessions_of_group(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(GroupSession, Room.name, CoveredTopic.covering, CoveredTopic.topic)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Room, Room.id == GroupSession.room_id)
        .outerjoin(CoveredTopic, CoveredTopic.session_id == GroupSession.id)
        .where(Group.ref == bindparam("group"), visible_sessions(actor))
        .order_by(GroupSession.starts_at, GroupSession.id)
    )


@while_unchanged
def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The open groups this reader may pick from, newest first: reference to code name."""
    actor.require(Permission.READ_GROUPS)
    query = (
        select(Group.ref, Group.code_name)
        .where(visible_groups(actor), stated_in(Group.state, OPEN_STATES))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    return dict(db.execute(query).all())


def _with_title() -> Select[Group, str]:
    """Groups, each with the title of the version it is a run of.

    Every group has one; joined as if it might not, so that the database begins with the groups.
    """
    return select(Group, ProgrammeVersion.title).outerjoin(
        ProgrammeVersion,
        and_(
            ProgrammeVersion.key == Group.programme,
            ProgrammeVersion.version == Group.programme_version,
        ),
    )


def _places_taken(db: Session, group_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Group number to (seated, waiting), for a page of groups at once."""
    found = db.execute(_taken(), {NUMBERS.key: group_ids})
    return {number: (seated, waiting) for number, seated, waiting in found}


@cache
def _taken() -> Select[int, int, int]:
    return (
        select(
            Place.group_id,
            func.count().filter(Place.state.in_((*SEATED_PLACES, PlaceState.COMPLETED))),
            func.count().filter(Place.state == PlaceState.WAITING),
        )
        .where(Place.group_id.in_(NUMBERS))
        .group_by(Place.group_id)
    )


def _state_shown(item: GroupSession) -> str:
    is_moved = item.moved_from is not None and item.state is SessionState.PLANNED
    return (SessionState.MOVED if is_moved else item.state).value


def find(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Group:
    """A group she may see, for other services; held until the transaction ends if asked."""
    actor.require(Permission.READ_GROUPS)
    query = select(Group).where(Group.ref == ref, visible_groups(actor))
    group = db.scalar(query.with_for_update() if lock else query)
    if group is None:
        raise NotFoundError("group")
    return group
