"""Deciding on concerns: what waits for a decision, and what is decided, done and closed.

A decision is due by the end of the day on which a concern was raised, however late (domain §5.4).
"""

import enum
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models import Account, Concern, ConcernEntry, EntryKind, OpenConcern
from services import audit, clock
from services.concerns import concerns
from services.concerns.concerns import PAGE
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.visibility import visible_concerns

ADDED = {
    EntryKind.DECISION: "concern.decided",
    EntryKind.ACTION: "concern.acted_on",
    EntryKind.CLOSED: "concern.closed",
}


class Which(enum.Enum):
    """Which concerns a list shows: those not closed, those without a decision in time, the rest."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


def listed(db: Session, actor: Actor, which: Which, *, after: int | None = None) -> pd.DataFrame:
    """A page of concerns, those that have waited longest first; closed ones newest first.

    Columns: number, ref, raised (wall time), by, decision ("made", "due" or "overdue"). Whom it
    is about shows only when one is opened. Give the last number as `after` for the next page.
    """
    actor.require(Permission.DECIDE_CONCERNS)
    query = _listed(actor, which)
    if after is not None:
        query = query.where(Concern.id < after if which is Which.CLOSED else Concern.id > after)
    begins = clock.start_of_day(clock.today())
    rows = []
    for one, by, decided_at in db.execute(query):
        waits = "overdue" if one.raised_at < begins else "due"
        decision = "made" if decided_at or which is Which.CLOSED else waits
        rows.append((one.id, one.ref, clock.wall(one.raised_at), by, decision))
    return pd.DataFrame(rows, columns=["number", "ref", "raised", "by", "decision"])


@once
def _listed(actor: Actor, which: Which) -> Select[*tuple[Any, ...]]:
    return (
        select(Concern, Account.display_name, OpenConcern.decided_at)
        .join(Account, Account.id == Concern.raised_by_id)
        .outerjoin(OpenConcern, OpenConcern.concern_id == Concern.id)
        .where(visible_concerns(actor), *_conditions(which))
        .order_by(Concern.id.desc() if which is Which.CLOSED else Concern.id)
        .limit(PAGE)
    )


def overdue_count(db: Session, actor: Actor) -> int:
    """How many concerns nobody decided on by the end of the day on which they were raised."""
    actor.require(Permission.DECIDE_CONCERNS)
    query = (
        select(func.count())
        .select_from(OpenConcern)
        .join(Concern, Concern.id == OpenConcern.concern_id)
        .where(visible_concerns(actor), *_overdue())
    )
    return db.scalar(query) or 0


def add(
    db: Session, actor: Actor, ref: str, kind: EntryKind, words: str, *, entries_seen: int
) -> None:
    """Add a decision, an action or the end of a concern.

    Raises ConflictError when somebody has added to it since she saw so many entries, and once
    it is closed; InvalidInputError for closing it without a decision.
    """
    actor.require(Permission.DECIDE_CONCERNS)
    concern = concerns.found(db, actor, ref)
    waits = db.scalar(
        select(OpenConcern).where(OpenConcern.concern_id == concern.id).with_for_update()
    )
    if waits is None:
        raise ConflictError("This concern is closed. If something new came up, raise a new one.")
    if _entry_count(db, concern) != entries_seen:
        raise ConflictError(
            "Somebody added to this concern while you were writing. Read it here, then send "
            "yours if it still fits."
        )
    if kind is EntryKind.CLOSED and waits.decided_at is None:
        raise InvalidInputError({"kind": "Record the decision first, then close it."})
    concerns.add_entry(db, concern, kind, words, by=actor.account_id)
    if kind is EntryKind.DECISION and waits.decided_at is None:
        waits.decided_at = clock.now()
    if kind is EntryKind.CLOSED:
        db.delete(waits)
    audit.record(db, actor, ADDED[kind], f"concern:{ref}")


def _conditions(which: Which) -> tuple[ColumnElement[bool], ...]:
    if which is Which.OVERDUE:
        return _overdue()
    is_open = OpenConcern.concern_id.is_not(None)
    return (~is_open if which is Which.CLOSED else is_open,)


def _overdue() -> tuple[ColumnElement[bool], ...]:
    raised = OpenConcern.raised_at
    begins = each_time(raised, lambda: clock.start_of_day(clock.today()))
    return OpenConcern.decided_at.is_(None), raised < begins


def _entry_count(db: Session, concern: Concern) -> int:
    query = select(func.count()).where(ConcernEntry.concern_id == concern.id)
    return db.scalar(query) or 0
