"""What is due now: today's sessions, registers still to finish, the days ahead."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, Mark, SessionState
from services import clock
from services.permissions import Actor, Permission, visible_sessions
from services.short_lists import stated_in

MOST = 50
AHEAD = timedelta(days=7)
_COLUMNS = ["ref", "group_ref", "group", "session", "topic", "starts", "ends", "marks"]
_TO_TAKE_PLACE = (SessionState.PLANNED, SessionState.HELD)


def sessions_today(db: Session, actor: Actor) -> pd.DataFrame:
    """Today's sessions she may see, in order, with how many marks each has so far.

    Columns: ref, group_ref, group, session ("3 of 12"), topic, starts, ends (wall time), marks.
    """
    actor.require(Permission.SEE_TODAY)
    begins = clock.start_of_day(clock.today())
    ends = clock.start_of_day(clock.today() + timedelta(days=1))
    return _sessions(
        db,
        actor,
        GroupSession.starts_at >= begins,
        GroupSession.starts_at < ends,
        GroupSession.state.in_(_TO_TAKE_PLACE),
    )


def unfinished_registers(db: Session, actor: Actor) -> pd.DataFrame:
    """Registers of sessions that have ended and still lack marks, the oldest first."""
    actor.require(Permission.SEE_TODAY)
    return _sessions(db, actor, *unfinished())


def unfinished_count(db: Session, actor: Actor) -> int:
    """How many registers are still to be finished, over all she may see."""
    actor.require(Permission.SEE_TODAY)
    query = select(func.count()).where(*unfinished(), visible_sessions(actor))
    return db.scalar(query) or 0


def coming_sessions(db: Session, actor: Actor) -> pd.DataFrame:
    """The sessions of the next seven days, today's left out."""
    actor.require(Permission.SEE_TODAY)
    begins = clock.start_of_day(clock.today() + timedelta(days=1))
    return _sessions(
        db,
        actor,
        GroupSession.starts_at >= begins,
        GroupSession.starts_at < begins + AHEAD,
        GroupSession.state == SessionState.PLANNED,
    )


def to_mark(db: Session, actor: Actor) -> pd.DataFrame:
    """The sessions whose register she may be looking for: unfinished ones up to a week ahead."""
    actor.require(Permission.SEE_TODAY)
    return _sessions(
        db,
        actor,
        GroupSession.finished_at.is_(None),
        GroupSession.state.in_(_TO_TAKE_PLACE),
        GroupSession.starts_at < clock.now() + AHEAD,
    )


def unfinished() -> tuple[ColumnElement[bool], ...]:
    """The condition on a session that is over and whose register still lacks marks."""
    return (
        GroupSession.finished_at.is_(None),
        stated_in(GroupSession.state, _TO_TAKE_PLACE),
        GroupSession.starts_at < clock.now(),
        GroupSession.ends_at < clock.now(),
    )


def _sessions(db: Session, actor: Actor, *wanted: ColumnElement[bool]) -> pd.DataFrame:
    query = (
        _select_sessions()
        .where(*wanted, visible_sessions(actor))
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(MOST)
    )
    rows = [
        (*refs, f"{number} of {all_of_them}", topic, _wall(starts, zone), _wall(ends, zone), marks)
        for *refs, number, all_of_them, topic, starts, ends, zone, marks in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _wall(instant: datetime, zone: str) -> datetime:
    return clock.local(instant, zone).replace(tzinfo=None)


def _select_sessions() -> Select[*tuple[Any, ...]]:
    marks = (
        select(func.count(Mark.code))
        .where(Mark.session_id == GroupSession.id)
        .correlate(GroupSession)
        .scalar_subquery()
    )
    return select(
        GroupSession.ref,
        Group.ref,
        Group.code_name,
        GroupSession.number,
        Group.sessions_offered,
        GroupSession.topic,
        GroupSession.starts_at,
        GroupSession.ends_at,
        GroupSession.zone,
        marks,
    ).join(Group, Group.id == GroupSession.group_id)
