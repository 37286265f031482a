"""The calendar: the sessions of some days, as many of each day as are to be shown."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, GroupSession, GroupState, Room, SessionState
from services import clock
from services.calendar.calendar_days import Span
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_sessions


class Standing(enum.Enum):
    """Whether and how a session takes place, its group's own state considered."""

    PLANNED = "planned"
    HELD = "held"
    MOVED = "moved"  # it takes place, at the time it carries now
    CANCELLED = "cancelled"
    PAUSED = "paused"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in the calendar; times as the clock on the wall shows them."""

    ref: str
    group_ref: str
    code_name: str
    number: int
    sessions: int
    topic: str
    starts: datetime
    ends: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class Day:
    """A day that has sessions: the first of them, how many more there are, and how many of all
    these are not cancelled."""

    day: date
    entries: tuple[Entry, ...]
    more: int
    taking_place: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Only the sessions of one group, facilitator or room, by reference; empty for all."""

    group: str = ""
    facilitator: str = ""
    room: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What a session must meet."""
        if self.group:
            group = select(Group.id).where(Group.ref == self.group)
            yield GroupSession.group_id.in_(group)
        if self.facilitator:
            yield GroupSession.group_id.in_(_groups_run_by(self.facilitator))
        if self.room:
            yield GroupSession.room_id.in_(select(Room.id).where(Room.ref == self.room))


ALL = Filters()
# What says that a session was moved, and how often it has changed: calendars and feeds ask here.
IS_MOVED: ColumnElement[bool] = GroupSession.moved_from.is_not(None)
CHANGES = GroupSession.sequence


@while_unchanged
def days(
    db: Session, actor: Actor, span: Span, *, most_a_day: int, only: Filters = ALL
) -> tuple[Day, ...]:
    """The days of a span that have sessions she may see, in order.

    One query whose cost follows the span: of a full day it brings the first `most_a_day`
    sessions and the number of all, and of those that are not cancelled.
    """
    actor.require(Permission.READ_GROUPS)
    query = _of_days(
        most_a_day,
        GroupSession.starts_at >= clock.start_of_day(span.first),
        GroupSession.starts_at < clock.start_of_day(span.after),
        visible_sessions(actor),
        *only.conditions(),
    )
    by_day = groupby(db.execute(query), key=lambda row: row.local_start.date())
    return tuple(_day(day, list(rows)) for day, rows in by_day)


def standing(state: SessionState, group_state: GroupState, *, is_moved: bool) -> Standing:
    """What a session is to be called. A cancelled group meets no more; what was held was held."""
    if state is SessionState.HELD:
        return Standing.HELD
    if state is SessionState.CANCELLED or group_state is GroupState.CANCELLED:
        return Standing.CANCELLED
    if group_state is GroupState.PAUSED:
        return Standing.PAUSED
    if group_state is GroupState.DRAFT:
        return Standing.DRAFT
    return Standing.MOVED if is_moved else Standing.PLANNED


# The same in a query, as far as a count of those that are not cancelled needs it.
_TAKES_PLACE: ColumnElement[bool] = tuple_(GroupSession.state, Group.state).not_in(
    [
        (state, of_group)
        for state in SessionState
        for of_group in GroupState
        if standing(state, of_group, is_moved=False) is Standing.CANCELLED
    ]
)


def _of_days(most_a_day: int, *wanted: ColumnElement[bool]) -> Select[Any]:
    day = func.date(GroupSession.local_start)
    ranked = (
        select(
            GroupSession.ref,
            Group.ref.label("group_ref"),
            Group.code_name,
            GroupSession.number,
            Group.sessions_offered,
            GroupSession.topic,
            GroupSession.local_start,
            GroupSession.ends_at,
            GroupSession.zone,
            GroupSession.state,
            IS_MOVED.label("is_moved"),
            Group.state.label("group_state"),
            func.row_number()
            .over(partition_by=day, order_by=(GroupSession.starts_at, GroupSession.id))
            .label("place"),
            func.count().over(partition_by=day).label("of_the_day"),
            func.count().filter(_TAKES_PLACE).over(partition_by=day).label("taking_place"),
        )
        .join(Group, Group.id == GroupSession.group_id)
        .where(*wanted)
        .subquery()
    )
    return (
        select(ranked)
        .where(ranked.c.place <= most_a_day)
        .order_by(func.date(ranked.c.local_start), ranked.c.place)
    )


def _day(day: date, rows: list[Row[Any]]) -> Day:
    more = rows[0].of_the_day - len(rows)
    return Day(day, tuple(map(_entry, rows)), more, rows[0].taking_place)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        ref=row.ref,
        group_ref=row.group_ref,
        code_name=row.code_name,
        number=row.number,
        sessions=row.sessions_offered,
        topic=row.topic,
        starts=row.local_start,
        ends=clock.wall(row.ends_at, row.zone),
        standing=standing(row.state, row.group_state, is_moved=row.is_moved),
    )


def _groups_run_by(account_ref: str) -> Select[int]:
    return (
        select(Facilitation.group_id)
        .join(Account, Account.id == Facilitation.account_id)
        .where(Account.ref == account_ref, runs_now())
    )
