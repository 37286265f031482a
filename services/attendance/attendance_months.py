"""Attendance month by month, with the limits within which a steady share moves by chance."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Tally
from services.attendance import CODES
from services.errors import NotPermittedError
from services.permissions import Actor, Permission
from services.statistics import ControlLimits, control_limits
from services.tallies.periods import Period
from services.tallies.shares import Share, sees_small_numbers, share
from services.tallies.tallies import Kind, month

COLUMNS = [
    "month", "order", "count", "expected", "share", "centre", "low", "high", "signal", "label",
]  # fmt: skip
SIGNALS = {
    None: "within the limits",
    "above": "above the limits",
    "below": "below the limits",
    "run above": "eight or more months running above the average",
    "run below": "eight or more months running below the average",
}
HOW = (
    "The band is where the share of a month lies by chance as long as nothing changes (a p-chart "
    "with limits at three standard deviations, stretched after Laney where months scatter more). "
    "A month outside it, or eight running on one side, is worth asking about: the chart says "
    "that something changed, not what. Months are those in which a session took place."
)
PROVISIONAL = "There are fewer than twelve months, so the limits will still move."


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate by month; `months` has the columns of `COLUMNS` and no row without an expected."""

    overall: Share
    months: pd.DataFrame
    is_provisional: bool

    @property
    def asks(self) -> pd.DataFrame:
        """The months that stand out."""
        return self.months[self.months["signal"] != SIGNALS[None]]


@dataclass(frozen=True, slots=True)
class Months:
    """Live attendance and content covered, month by month; None where nobody was expected."""

    live: Rate | None
    content: Rate | None


def by_month(db: Session, actor: Actor, period: Period, *, programme: str | None = None) -> Months:
    """Rates by the month of the session, in one programme or all, over whole months.

    For those of the house: a month may rest on few people. Raises InvalidInputError for a period
    that ends before it starts.
    """
    actor.require(Permission.READ_OUTCOMES)
    if not sees_small_numbers(actor):
        raise NotPermittedError("see attendance by month")
    period.checked()
    expected: Counter[int] = Counter()
    live: Counter[int] = Counter()
    content: Counter[int] = Counter()
    for letter, number, count in _marks(db, period, programme):
        code = CODES[letter]
        expected[number] += code.expected * count
        live[number] += code.attended * count
        content[number] += code.covers_content * count
    months = sorted(number for number, of in expected.items() if of)
    if not months:
        return Months(None, None)
    return Months(*(rate(months, counted, expected) for counted in (live, content)))


def name_of(number: int) -> str:
    """A month as people read it: "Mar 2026"."""
    return f"{pd.Timestamp(number // 12, number % 12 + 1, 1):%b %Y}"


def _marks(db: Session, period: Period, programme: str | None) -> list[tuple[str, int, int]]:
    codes = [code.value for code in CODES.values() if code.expected]
    query = (
        select(Tally.key, Tally.first, func.sum(Tally.count))
        .where(
            Tally.kind == Kind.MONTH.value,
            Tally.key.in_(codes),
            Tally.first.between(month(period.first), month(period.last)),
        )
        .group_by(Tally.key, Tally.first)
    )
    if programme is not None:
        query = query.where(Tally.programme == programme)
    return [(letter, number, int(count)) for letter, number, count in db.execute(query)]


def rate(months: list[int], counted: Counter[int], expected: Counter[int]) -> Rate:
    """A rate over months of these numbers, with its limits."""
    counts, sizes = [counted[one] for one in months], [expected[one] for one in months]
    found = control_limits(counts, sizes)
    return Rate(
        overall=Share(sum(counts), sum(sizes), found.centre, None, None),
        months=_frame(months, counts, sizes, found),
        is_provisional=found.provisional,
    )


def _frame(
    months: list[int], counts: list[int], sizes: list[int], found: ControlLimits
) -> pd.DataFrame:
    rows = [
        (
            name_of(number), number, count, of, count / of, found.centre, low, high,
            SIGNALS[signal], share(count, of).words,
        )
        for number, count, of, low, high, signal in zip(
            months, counts, sizes, found.low, found.high, found.signals, strict=True
        )
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
