"""Counts kept as data is saved, so that charts never add up the whole programme.

Every kind of count is listed in `Kind`, with what its key and its two numbers mean. `add`
changes counts in the transaction that changes the data; `recount` makes them all again from
the data itself, which is how tests and `manage` know that they agree.
"""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import cast

import pandas as pd
from sqlalchemy import Insert, Select, Table, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from models import Tally

_NAMES = ("kind", "programme", "period", "key", "first", "second", "count")
_ROWS_AT_ONCE = 2_000  # below SQLite's limit on bound values


class Kind(enum.Enum):
    """What is counted: (key; first; second)."""

    MARK = "mark"  # attendance code; session number; 0
    MONTH = "month"  # attendance code; month of the session (see `month`); 0
    SESSION = "session"  # held or cancelled; month of the session; 0
    PLACE = "place"  # enrolled, started, completed …; 0; 0
    STAY = "stay"  # left or stayed, of those who started; sessions expected at so far; 0
    LEFT = "left"  # why a place ended early, empty where nobody said; 0; 0
    # how far a referral came: its state; was spoken with 0/1; was offered a place 0/1.
    REFERRED = "referred"  # By its quarter, in no programme
    WAIT = "wait"  # first_session; days since the referral; 0. By its quarter, in no programme
    START = "start"  # measure:respondent; total at the start x 100; 0
    PAIR = "pair"  # measure:respondent; total at the start x 100; at the end x 100
    # Forms of another version of a measure have keys of their own, as in phq9:self:2.
    NEW_VERSION = "new_version"  # measure:respondent; version at the start; another at the end
    NOT_GIVEN = "not_given"  # measure:respondent; point as for STRAND; which outcome of asking
    TOGETHER = "together"  # rule of services.outcomes.verdicts_together; was a case 0/1; verdict
    AGE = "age"  # measure:respondent; first year of the band of ages, -1 unknown; has an end 0/1
    # The next five hold sums as well: `second` says of what (`services.measures.measure_sums`).
    PATH = "path"  # measure:respondent; weeks from the first form on; which sum
    WEEK = "week"  # measure:respondent; week from the first form on; which sum
    SESSIONS = "sessions"  # measure:respondent; sessions attended; which sum
    CONTENT = "content"  # measure:respondent; sessions covered; which sum
    ALONE = "alone"  # measure:respondent of those with no end form; 0; sessions attended, added up
    STRAND = "strand"  # strand:respondent; point (0 start, 1 middle, 2 end, 3 later); step 0-4
    STRAND_PAIR = "strand_pair"  # strand:respondent; step at the start; step at the end
    # strand:respondent:age band:with or alone; step at the start; step at the end, -1 for none
    CHILD = "child"
    FEEDBACK = "feedback"  # question; answer's value, or 0 for own words; 0
    FEEDBACK_PAIR = "feedback_pair"  # question; one person's first answer; her last
    FORM = "form"  # form that says something; 0; 0
    THEME = "theme"  # theme of own words, or "any" of them; 0; 0


# Kept a second time over every programme and quarter, under a kind of their own: with the years
# the rows of each quarter become many, and the page over all of them must not. Only what changes as
# a form is saved or a referral moves: rows that everybody's marks changed would make one wait for
# another.
_OF_FORMS = (Kind.START, Kind.PAIR, Kind.AGE, Kind.PATH, Kind.WEEK, Kind.NOT_GIVEN)
EVER = {kind: f"{kind.value}_ever" for kind in (*_OF_FORMS, Kind.REFERRED)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One count: of what, for which programme and quarter."""

    kind: Kind
    programme: str
    period: str
    key: str
    first: int = 0
    second: int = 0


def month(day: date) -> int:
    """The number of a month, as counts by month keep it: one more for each month that passes."""
    return day.year * 12 + day.month - 1


def add(db: Session, changes: Counter[Cell]) -> None:
    """Change counts by the amounts given, in this transaction."""
    # One order for everybody: two writers who lock the same counts cannot wait for each other.
    rows = sorted(
        [
            (cell.kind.value, cell.programme, cell.period, cell.key, cell.first, cell.second, by)
            for cell, by in changes.items()
            if by
        ]
        + [
            (kind, "", "", key, one, two, by)
            for (kind, key, one, two), by in over_every_quarter(changes).items()
            if by
        ]
    )
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        _upsert(db, rows[start : start + _ROWS_AT_ONCE])


def over_every_quarter(changes: Counter[Cell]) -> Counter[tuple[str, str, int, int]]:
    """What is kept a second time of these: by kind, key, first and second."""
    ever: Counter[tuple[str, str, int, int]] = Counter()
    for cell, by in changes.items():
        if cell.kind in EVER:
            ever[EVER[cell.kind], cell.key, cell.first, cell.second] += by
    return ever


def stored_ever(db: Session) -> Counter[tuple[str, str, int, int]]:
    """The same as it stands, for comparison with a recount."""
    query = select(Tally.kind, Tally.key, Tally.first, Tally.second, Tally.count).where(
        Tally.kind.in_(EVER.values()), Tally.count != 0
    )
    return Counter({(kind, key, one, two): n for kind, key, one, two, n in db.execute(query)})


def replace_all(db: Session, counts: Counter[Cell]) -> None:
    """Forget every count and store these."""
    db.execute(delete(Tally))
    add(db, counts)


def counts(db: Session, kind: Kind, *, key: str | None = None) -> pd.DataFrame:
    """The counts of one kind over every period: programme, period, key, first, second, count."""
    return frame(db, query(kind, key=key))


def query(kind: Kind, *, key: str | None = None) -> Select[str, str, str, int, int, int]:
    """The select behind `counts`, for a service to narrow further."""
    chosen = select(
        Tally.programme, Tally.period, Tally.key, Tally.first, Tally.second, Tally.count
    ).where(Tally.kind == kind.value, Tally.count > 0)
    return chosen if key is None else chosen.where(Tally.key == key)


def frame(db: Session, chosen: Select[str, str, str, int, int, int]) -> pd.DataFrame:
    """The rows of a `query` as a frame that has its columns even when empty."""
    columns = ["programme", "period", "key", "first", "second", "count"]
    return pd.DataFrame(db.execute(chosen).all(), columns=columns)


def stored(db: Session) -> Counter[Cell]:
    """Every count as it stands, for comparison with a recount."""
    kinds = [kind.value for kind in Kind]
    rows: Iterable[Tally] = db.scalars(select(Tally).where(Tally.count != 0, Tally.kind.in_(kinds)))
    return Counter(
        {
            Cell(Kind(row.kind), row.programme, row.period, row.key, row.first, row.second): (
                row.count
            )
            for row in rows
        }
    )


def _upsert(db: Session, rows: list[tuple[str, str, str, str, int, int, int]]) -> None:
    values = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    db.execute(_adding(db.get_bind().dialect.name), values)


@cache
def _adding(dialect: str) -> Insert:
    """Put together once: it goes with every tap on a register. As a table: half of what objects
    cost."""
    table = cast(Table, Tally.__table__)
    insert = postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)
    return insert.on_conflict_do_update(
        index_elements=list(_NAMES[:-1]), set_={"count": table.c.count + insert.excluded.count}
    )
