"""What a report is put together from: what is asked, tables, sentences and charts of sections."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from textwrap import wrap

import pandas as pd
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import GroupSession, Tally
from services import clock
from services.disclosure.tables import TOTAL, Population, Table
from services.programmes import programmes
from services.releases import Counts
from services.tallies import quarters
from services.tallies.shares import MEANS_FROM, share
from services.tallies.tallies import Kind

NOT_CAUSED = (
    "What changed from start to end is not shown to have been brought about by the groups: people "
    "often feel better with time."
)
_FOOTER_WIDTH = 104  # letters that fit beneath a picture
TITLES = {
    "reached": "People reached",
    "waits": "Referrals and waits",
    "attendance": "Attendance and completion",
    "outcomes": "Outcomes by measure",
    "children": "Children’s communication",
    "experience": "What people said",
    "workforce": "Survivor volunteers",
    "equality": "Who we reach",
    "missing": "What is missing",
    "definitions": "How it is counted",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to be drawn by whoever knows how: its name, its rows, and what it shows.

    `words` are titles of the chart that read otherwise here, where its rows are of another kind.
    """

    name: str
    frame: pd.DataFrame
    alt: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: its days, in one programme or in all, and small from where."""

    first: date
    last: date
    threshold: int
    programme: str | None = None
    is_rounded: bool = False

    def table(self, of: str, *by: str, **where: str) -> Table:
        """One table of it."""
        if self.programme is not None:
            where["programme"] = self.programme
        return Table(of, by, self.first, self.last, tuple(sorted(where.items())))


# From the counts that may leave: sentences beneath a table, or a chart.
Says = Callable[[Counts, Population], Sequence[str]]
Draws = Callable[[Counts, Population], Chart | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One table of a section, or of a chart that is taken out by itself."""

    title: str
    table: Table
    heading: str
    share: bool = True  # of the total, where it has one column only
    says: Says | None = None
    draws: Draws | None = None
    about: str = ""  # how a chart taken out by itself is to be read
    of_people: bool = True  # what counts no people has nothing to hide


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report."""

    key: str
    title: str
    intro: str
    tables: tuple[Wanted, ...] = ()
    lines: tuple[str, ...] = field(default=())


def footer_lines(*sentences: str) -> tuple[str, ...]:
    """What stands beneath a picture, in lines that fit."""
    return tuple(line for sentence in sentences for line in wrap(sentence, _FOOTER_WIDTH))


def rows_of(counts: Counts) -> list[str]:
    """The values of the first column, without the total."""
    return [one for one in dict.fromkeys(cell[0] for cell in counts) if one != TOTAL]


def shares_chart(title: str) -> Draws:
    """A share and its interval for each row of a table of one column; none unless all may leave."""

    def draws(counts: Counts, _: Population) -> Chart | None:
        total = counts.get((TOTAL,))
        shown = {cell[0]: n for cell, n in counts.items() if cell != (TOTAL,) and n is not None}
        if total is None or total < MEANS_FROM or len(shown) < len(counts) - 1:
            return None
        rows = [
            (order, words, part.share, part.low, part.high, part.words)
            for order, (words, n) in enumerate(shown.items())
            for part in [share(n, total)]
        ]
        columns = ["order", "what", "share", "low", "high", "label"]
        alt = f"{title}: " + ". ".join(f"{words}: {label}" for _, words, *_, label in rows) + "."
        return Chart("report_shares", pd.DataFrame(rows, columns=columns), alt)

    return draws


def reasons_chart(title: str, *, without: str = "") -> Draws:
    """How many of each reason, the most first, of those that may leave; one value is none."""

    def draws(counts: Counts, _: Population) -> Chart | None:
        of = counts.get((TOTAL,))
        shown = [
            (n, cell[0]) for cell, n in counts.items() if cell[0] not in (TOTAL, without) and n
        ]
        if of is None or of < MEANS_FROM or not shown:
            return None
        rows = [
            (what, order, n, of, share(n, of).words)
            for order, (n, what) in enumerate(sorted(shown, key=lambda one: -one[0]))
        ]
        alt = f"{title}: " + ", ".join(f"{what} {label}" for what, *_, label in rows) + "."
        columns = ["what", "order", "people", "of", "label"]
        return Chart("counted_reasons", pd.DataFrame(rows, columns=columns), alt)

    return draws


def kept_counts(
    db: Session, kind: Kind, first: date, last: date, *narrowed: ColumnElement[bool]
) -> Iterable[Tally]:
    """Kept counts of the groups that began in quarters that lie whole in the period."""
    whole = []
    for quarter in quarters.between(first, last):
        begins, after = quarters.days_of(quarter)
        if first <= begins and after <= last + timedelta(days=1):
            whole.append(quarter)
    query = select(Tally).where(Tally.kind == kind.value, Tally.period.in_(whole), *narrowed)
    return db.scalars(query)


def begins(quarter: str) -> date:
    """The day that stands for whatever is counted by its quarter."""
    return quarters.days_of(quarter)[0]


def labels(
    db: Session, first: date, last: date, **others: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Which values each column can have: the quarters and programmes there are, and these."""
    return {
        "quarter": quarters.between(first, last),
        "programme": tuple(programmes.titles(db)),
        **others,
    }


def counted(
    counts: Counter[tuple[object, ...]], known: dict[str, tuple[str, ...]], *more: str
) -> Population:
    """Those counted by day, each column that can be asked for, and more that say of what kind."""
    rows = [(*key, count) for key, count in counts.items()]
    return Population(pd.DataFrame(rows, columns=["day", *known, *more, "count"]), known)


def sessions_in(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Sessions that began on these days."""
    return (
        GroupSession.starts_at >= clock.start_of_day(first),
        GroupSession.starts_at < clock.start_of_day(last + timedelta(days=1)),
    )
