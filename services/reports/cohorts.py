"""Attendance by the quarter groups began in and by session: whom it counts, and its chart."""

from collections import Counter
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from services.attendance import CODES
from services.attendance.cohort_heat import COLUMNS
from services.disclosure.tables import QUARTER, TOTAL, Population
from services.releases import Counts
from services.reports import session_rows
from services.reports.parts import (
    Asked,
    Chart,
    Wanted,
    begins,
    counted,
    kept_counts,
    labels,
    rows_of,
)
from services.tallies.shares import MEANS_FROM, share
from services.tallies.tallies import Kind

_THERE, _AWAY = "there", "not there"


def cohorts(db: Session, first: date, last: date) -> Population:
    """Everybody expected at a session, by the quarter her group began and the session's number."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.MARK, first, last):
        code = CODES[row.key]
        if code.expected:
            stood = _both(session_rows.of(row.first), _THERE if code.attended else _AWAY)
            found[begins(row.period), row.period, row.programme, stood] += row.count
    return counted(found, labels(db, first, last, stood=tuple(
        _both(sessions, how) for sessions in session_rows.ROWS for how in (_THERE, _AWAY)
    )))  # fmt: skip


def heat(asked: Asked) -> Wanted:
    """Live attendance by quarter of start and sessions, as a heat map."""
    return Wanted(
        "Live attendance by when groups began",
        asked.table("cohorts", QUARTER, "stood"),
        "Groups that began in",
        draws=_chart,
        about="In each cell, per cent there of everybody expected at these sessions; * where it "
        "rests on numbers that are hidden. Later sessions rest on longer programmes.",
    )


def _chart(counts: Counts, _: Population) -> Chart | None:
    rows = [
        _cell(quarter, order, *(counts[quarter, _both(sessions, how)] for how in (_THERE, _AWAY)))
        for quarter in rows_of(counts)
        if counts[quarter, TOTAL] != 0
        for order, sessions in enumerate(session_rows.ROWS)
    ]
    frame = pd.DataFrame([row for row in rows if row], columns=COLUMNS)
    if not frame["share"].notna().any():
        return None
    said = ", ".join(
        f"{one.quarter} sessions {one.session} {one.percent}" for one in frame.itertuples()
    )
    return Chart("cohorts_by_session", frame.astype({"share": "Float64"}),
                 f"Live attendance by quarter of start: {said}.")  # fmt: skip


def _cell(
    quarter: str, order: int, there: int | None, away: int | None
) -> tuple[object, ...] | None:
    """A cell of the map; nothing where nobody was expected, a star where it may not be told."""
    where = quarter, session_rows.ROWS[order], order
    if there is None or away is None or 0 < there + away < MEANS_FROM:
        return *where, 0, 0, None, "*", "hidden"
    if not there + away:
        return None
    found = share(there, there + away)
    return *where, there, found.of, found.share, found.percent, found.words


def _both(sessions: str, how: str) -> str:
    return f"Session {sessions}: {how}"
