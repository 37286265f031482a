"""Charts of places and attendance that may be taken out by themselves."""

from collections import Counter
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from services.attendance import attendance_months
from services.disclosure.tables import TOTAL, Population
from services.outcomes.comparing import attendance_effect
from services.outcomes.outcome_flow import COLUMNS as FLOW
from services.programmes import programmes
from services.releases import Counts
from services.reports.coming import (
    BOTH_FORMS,
    CAUGHT_UP,
    COMPLETED,
    NEVER,
    START_ONLY,
    THERE,
)
from services.reports.parts import Asked, Chart, Draws, Wanted, reasons_chart, rows_of
from services.reports.sides import funnel_chart
from services.tallies import tallies
from services.tallies.periods import Period
from services.tallies.shares import MEANS_FROM, share

SIDES = ("funnel", "shrunk_shares")
_LIMITS = "Lines: where 95% and 99.8% would lie if all were alike."
RATES = {"live": "Live attendance by month", "content": "Content covered by month"}


def flow(asked: Asked) -> Wanted:
    """The way from a place to both forms."""
    return Wanted(
        "From a place to both forms",
        asked.table("places", "came", "forms"),
        "Places begun in the period",
        draws=_flow_chart,
        about="Any measure at the start and at the end. Some groups are running still.",
    )


def by_month(asked: Asked, rate: str) -> Wanted:
    """Live attendance, or content covered, month by month within the limits of chance."""
    title = RATES[rate]
    return Wanted(
        title,
        asked.table("attendance", "month", "how"),
        "Month of the session",
        draws=_months_chart(title, rate),
        about="The band is where a month lies by chance as long as nothing changes (p-chart, three "
        "standard deviations).",
    )


def away(asked: Asked) -> Wanted:
    """How people who were expected were away."""
    title = "When people were away"
    return Wanted(
        title,
        asked.table("attendance", "why"),
        "Of everybody expected",
        draws=reasons_chart(title, without=THERE),
    )


def completing(db: Session, asked: Asked, name: str) -> Wanted | None:
    """Completing by programme, as a funnel: never by group, which is a handful of families."""
    if name not in SIDES:
        return None
    return Wanted(
        "Completed, by programme",
        asked.table("places", "programme", "came"),
        "Places begun in the period",
        draws=funnel_chart("Completed", COMPLETED, name, programmes.titles(db)),
        about=f"{_LIMITS} Some groups run still.",
    )


def live(db: Session, asked: Asked, name: str) -> Wanted | None:
    """Live attendance by programme, likewise."""
    if name not in SIDES:
        return None
    effect = attendance_effect(db, Period(asked.first, asked.last))
    draws = funnel_chart("Live attendance", THERE, name, programmes.titles(db),
                         effect=effect, counted="times expected")  # fmt: skip
    return Wanted(
        "Live attendance, by programme",
        asked.table("attendance", "programme", "how"),
        "Of everybody expected",
        draws=draws,
        about=f"{_LIMITS} The same people are counted many times, so {effect:.1f} marks count as "
        "one (Rao and Scott’s design effect).",
    )


def _months_chart(title: str, rate: str) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        reached: Counter[int] = Counter()
        expected: Counter[int] = Counter()
        for month in rows_of(counts):
            number = tallies.month(date.fromisoformat(f"{month}-01"))
            there, caught, of = (counts[month, how] for how in (THERE, CAUGHT_UP, TOTAL))
            if there is not None and caught is not None and of is not None and of >= MEANS_FROM:
                reached[number], expected[number] = there + (rate == "content") * caught, of
        if len(expected) < 2:  # noqa: PLR2004 - one month alone does not show a change
            return None
        frame = attendance_months.rate(list(expected), reached, expected).months
        return Chart("attendance_by_month", frame, f"{title}, {len(frame)} months.")

    return draws


def _flow_chart(counts: Counts, _: Population) -> Chart | None:
    none_came, all_of = counts.get((NEVER, TOTAL)), counts.get((TOTAL, TOTAL))
    both, start = counts.get((TOTAL, BOTH_FORMS)), counts.get((TOTAL, START_ONLY))
    if all_of is None or all_of < MEANS_FROM or none_came is None or both is None or start is None:
        return None
    steps = {
        "Enrolled": all_of,
        "Started": all_of - none_came,
        "Start form": both + start,
        "Start and end form": both,
    }
    rows: list[tuple[Any, ...]] = []
    for step, people in steps.items():
        part = share(people, all_of)
        # All who enrolled have no share of themselves.
        said = part.words if rows else f"{people:,}"
        words = f"{step}: {said}"
        rows.append((step, people, all_of, part.share, part.low, part.high, words, ""))
    frame = pd.DataFrame(rows, columns=FLOW)
    return Chart("outcome_flow", frame, f"The way to both forms. {'. '.join(frame['label'])}.")
