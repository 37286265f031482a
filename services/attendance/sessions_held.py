"""How many sessions took place, and how many the service had to cancel and why."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionState, Tally
from services import clock
from services.attendance.attendance_months import name_of
from services.errors import NotPermittedError
from services.permissions import Actor, Permission
from services.tallies.periods import Period
from services.tallies.shares import Share, sees_small_numbers, share
from services.tallies.tallies import Kind, month
from services.visibility import visible_sessions

SHOWN = 20
NO_REASON = "No reason on record"
MONTHS = ["month", "order", "held", "cancelled", "share", "low", "high", "label"]
_CANCELLED = ["group", "number", "starts", "reason"]


@dataclass(frozen=True, slots=True)
class SessionsHeld:
    """Sessions held of those that were to be, and what was cancelled.

    months: month, order, held, cancelled, share (held, 0 to 1), low, high, label; cancelled: group,
    number, starts, reason, the latest first and at most twenty.
    """

    held: Share
    months: pd.DataFrame
    cancelled: pd.DataFrame


def sessions_held(
    db: Session, actor: Actor, period: Period, *, programme: str | None = None
) -> SessionsHeld:
    """Sessions by month over a period, in one programme or all. Raises InvalidInputError for a
    period that ends before it starts."""
    actor.require(Permission.READ_OUTCOMES)
    if not sees_small_numbers(actor):
        raise NotPermittedError("see which sessions were held")
    period.checked()
    counted: Counter[tuple[int, str]] = Counter()
    for key, number, count in db.execute(_counts(period, programme)):
        counted[number, key] += int(count)
    held = sum(count for (_number, key), count in counted.items() if key == "held")
    return SessionsHeld(
        held=share(held, counted.total()),
        months=by_month(counted),
        cancelled=_cancelled(db, actor, period, programme),
    )


def _counts(period: Period, programme: str | None) -> Select[str, int, int]:
    query = (
        select(Tally.key, Tally.first, func.sum(Tally.count))
        .where(
            Tally.kind == Kind.SESSION.value,
            Tally.key.in_(("held", "cancelled")),
            Tally.first.between(month(period.first), month(period.last)),
        )
        .group_by(Tally.key, Tally.first)
        .having(func.sum(Tally.count) > 0)
    )
    return query if programme is None else query.where(Tally.programme == programme)


def by_month(counted: Counter[tuple[int, str]]) -> pd.DataFrame:
    """From the first month to the last, those without any session between them too."""
    numbers = [number for (number, _key), count in counted.items() if count]
    every = range(min(numbers), max(numbers) + 1) if numbers else ()
    return pd.DataFrame([_of_month(number, counted) for number in every], columns=MONTHS)


def _of_month(
    number: int, counted: Counter[tuple[int, str]]
) -> tuple[str, int, int, int, float | None, float | None, float | None, str]:
    held, cancelled = counted[number, "held"], counted[number, "cancelled"]
    part = share(held, held + cancelled)
    return (
        name_of(number), number, held, cancelled, part.share, part.low, part.high, part.words,
    )  # fmt: skip


def _cancelled(db: Session, actor: Actor, period: Period, programme: str | None) -> pd.DataFrame:
    """By the code names that are said aloud in the house."""
    months = (one.replace(day=1) for one in (period.first, period.last + relativedelta(months=1)))
    first, end = map(clock.start_of_day, months)
    query = (
        select(
            Group.code_name, GroupSession.number, GroupSession.local_start,
            GroupSession.cancelled_reason,
        )
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            GroupSession.state == SessionState.CANCELLED,
            GroupSession.starts_at >= first,
            GroupSession.starts_at < end,
            visible_sessions(actor),
        )
        .order_by(GroupSession.starts_at.desc())
        .limit(SHOWN)
    )  # fmt: skip
    if programme is not None:
        query = query.where(Group.programme == programme)
    rows = [
        (name, number, starts, reason or NO_REASON)
        for name, number, starts, reason in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=_CANCELLED)
