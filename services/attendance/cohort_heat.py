"""Attendance by quarter of start and session number: where in a course people stop coming."""

from collections import Counter
from datetime import date

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Tally
from services import clock
from services.attendance import CODES
from services.errors import NotPermittedError
from services.frames import typed
from services.permissions import Actor, Permission
from services.tallies.shares import SHOWN_INSIDE_FROM, sees_small_numbers, share
from services.tallies.tallies import Kind

QUARTERS = 8
COLUMNS = [
    "quarter", "session", "order", "attended", "expected", "share", "percent", "label",
]  # fmt: skip


def heat(db: Session, actor: Actor, *, programme: str | None = None) -> pd.DataFrame:
    """Live attendance by the quarter in which groups began, over the last two years, and session.

    Columns: quarter, session, order, attended, expected, share (NA and percent "*" where fewer than
    five were expected), percent, label. Groups of a quarter together, never one by one. For those
    of the house.
    """
    actor.require(Permission.READ_OUTCOMES)
    if not sees_small_numbers(actor):
        raise NotPermittedError("see attendance by quarter")
    attended: Counter[tuple[str, int]] = Counter()
    expected: Counter[tuple[str, int]] = Counter()
    for quarter, session, letter, count in _marks(db, programme):
        code = CODES[letter]
        attended[quarter, session] += code.attended * int(count)
        expected[quarter, session] += code.expected * int(count)
    rows = [
        _row(quarter, session, attended[quarter, session], of)
        for (quarter, session), of in sorted(expected.items())
        if of
    ]
    return typed(rows, COLUMNS, {"share": "Float64"})


def first_quarter(today: date) -> str:
    """The oldest quarter shown."""
    return clock.quarter(today - relativedelta(months=3 * (QUARTERS - 1)))


def _marks(db: Session, programme: str | None) -> list[tuple[str, int, str, int]]:
    columns = (Tally.period, Tally.first, Tally.key)
    query = (
        select(*columns, func.sum(Tally.count))
        .where(Tally.kind == Kind.MARK.value, Tally.period >= first_quarter(clock.today()))
        .group_by(*columns)
    )
    if programme is not None:
        query = query.where(Tally.programme == programme)
    return [(*row,) for row in db.execute(query)]


def _row(
    quarter: str, session: int, attended: int, expected: int
) -> tuple[str, int, int, int, int, float | None, str, str]:
    if expected < SHOWN_INSIDE_FROM:
        few = f"fewer than {SHOWN_INSIDE_FROM} people expected"
        return quarter, session, session, 0, 0, None, "*", few
    found = share(attended, expected)
    rest = attended, expected, found.share, found.percent, found.words
    return quarter, session, session, *rest
