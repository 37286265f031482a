"""What is due now: today's sessions, registers still to finish, the days ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, Mark, SessionState
from services import clock
from services.permissions import Actor, Permission
from services.short_lists import each_time, instant, once, stated_in
from services.unchanged import while_unchanged
from services.visibility import visible_sessions

MOST = 50
AHEAD = timedelta(days=7)
_COLUMNS = ["ref", "group_ref", "group", "session", "topic", "starts", "ends", "marks"]
_TO_TAKE_PLACE = (SessionState.PLANNED, SessionState.HELD)


@dataclass(frozen=True, slots=True)
class Week:
    """Sessions as lists: ref, group_ref, group, session ("3 of 12"), topic, starts, ends (wall
    time), marks (how many there are so far). Of the days ahead those that are still planned."""

    today: pd.DataFrame
    coming: pd.DataFrame


@while_unchanged
def week(db: Session, actor: Actor) -> Week:
    """Today's sessions she may see and those of the seven days after it, each in order."""
    actor.require(Permission.SEE_TODAY)
    tomorrow = _midnight(timedelta(days=1))
    found = db.execute(_of_the_week(actor)).all()
    today = [row for row in found if row.starts_at < tomorrow]
    coming = [
        row for row in found if row.starts_at >= tomorrow and row.state is SessionState.PLANNED
    ]
    return Week(_frame(today[:MOST]), _frame(coming[:MOST]))


@while_unchanged
def unfinished_registers(db: Session, actor: Actor) -> pd.DataFrame:
    """Registers of sessions that have ended and still lack marks, the oldest first."""
    actor.require(Permission.SEE_TODAY)
    return _frame(db.execute(_unfinished(actor)).all())


def unfinished_count(db: Session, actor: Actor) -> int:
    """How many registers are still to be finished, over all she may see."""
    actor.require(Permission.SEE_TODAY)
    query = select(func.count()).where(*unfinished(), visible_sessions(actor))
    return db.scalar(query) or 0


@while_unchanged
def to_mark(db: Session, actor: Actor) -> pd.DataFrame:
    """The sessions whose register she may be looking for: unfinished ones up to a week ahead."""
    actor.require(Permission.SEE_TODAY)
    return _frame(db.execute(_to_mark(actor)).all())


def unfinished() -> tuple[ColumnElement[bool], ...]:
    """The condition on a session that is over and whose register still lacks marks."""
    starts, ends = GroupSession.starts_at, GroupSession.ends_at
    return (
        GroupSession.finished_at.is_(None),
        stated_in(GroupSession.state, _TO_TAKE_PLACE),
        starts < each_time(starts, instant),
        ends < each_time(ends, instant),
    )


@once
def _of_the_week(actor: Actor) -> Select[*tuple[Any, ...]]:
    starts = GroupSession.starts_at
    return _sessions(
        actor,
        starts >= each_time(starts, _midnight),
        starts < each_time(starts, lambda: _midnight(timedelta(days=1)) + AHEAD),
        GroupSession.state.in_(_TO_TAKE_PLACE),
    ).limit(2 * MOST)


@once
def _unfinished(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _sessions(actor, *unfinished()).limit(MOST)


@once
def _to_mark(actor: Actor) -> Select[*tuple[Any, ...]]:
    starts = GroupSession.starts_at
    return _sessions(
        actor,
        GroupSession.finished_at.is_(None),
        GroupSession.state.in_(_TO_TAKE_PLACE),
        starts < each_time(starts, lambda: clock.now() + AHEAD),
    ).limit(MOST)


def _midnight(later: timedelta = timedelta()) -> datetime:
    """When today begins, or a day after it."""
    return clock.start_of_day(clock.today() + later)


def _sessions(actor: Actor, *wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    in_order = GroupSession.starts_at, GroupSession.id
    return _SESSIONS.where(*wanted, visible_sessions(actor)).order_by(*in_order)


def _frame(rows: Sequence[Row[*tuple[Any, ...]]]) -> pd.DataFrame:
    lines = [
        (
            row.ref,
            row.group_ref,
            row.code_name,
            f"{row.number} of {row.sessions_offered}",
            row.topic,
            clock.wall(row.starts_at, row.zone),
            clock.wall(row.ends_at, row.zone),
            row.marks,
        )
        for row in rows
    ]
    return pd.DataFrame(lines, columns=_COLUMNS)


_MARKS = (
    select(func.count(Mark.code))
    .where(Mark.session_id == GroupSession.id)
    .correlate(GroupSession)
    .scalar_subquery()
)
_SESSIONS = select(
    GroupSession.ref,
    Group.ref.label("group_ref"),
    Group.code_name,
    GroupSession.number,
    Group.sessions_offered,
    GroupSession.topic,
    GroupSession.starts_at,
    GroupSession.ends_at,
    GroupSession.zone,
    GroupSession.state,
    _MARKS.label("marks"),
).join(Group, Group.id == GroupSession.group_id)
