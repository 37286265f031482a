"""Charts of survivor volunteers that may be taken out by themselves."""

import pandas as pd

from services.disclosure.tables import TOTAL, Population
from services.releases import Counts
from services.reports.helping import LEFT, MONTHS, ROWS, WITH_US
from services.reports.parts import Asked, Chart, Wanted, rows_of
from services.statistics import waits
from services.tallies.shares import MEANS_FROM
from services.volunteers.workforce import flow as pipeline
from services.volunteers.workforce import retention


def way_in(asked: Asked, name: str) -> Wanted:
    """What became of each stage entered, or how long it took."""
    return Wanted(
        "The way into volunteering",
        asked.table("stages", "stage", "what"),
        "Stage entered",
        draws=_times_chart if name == "time_in_stage" else _became_chart,
        about="Every time somebody entered a stage. Stepping back is reversible and no leaving.",
    )


def moved_on(asked: Asked, by: str) -> Wanted:
    """Where volunteers move on from, or why."""
    return Wanted(
        {"where": "Where volunteers move on from", "why": "Why volunteers move on"}[by],
        asked.table("moves_out", by),
        "Moved on",
        draws=_leaving_chart,
        about="Stepping back is not counted: it is no leaving.",
    )


def staying(asked: Asked) -> Wanted:
    """How long active volunteers stay."""
    return Wanted(
        "How long active volunteers stay",
        asked.table("active", "months", "stayed"),
        "Months since becoming active",
        draws=_staying_chart,
        about="Kaplan-Meier, by half-years, with 95% intervals (Greenwood, log-log). Whoever is "
        "with us still counts for as long as she has been. It ends where numbers are hidden.",
    )


def _became_chart(counts: Counts, _: Population) -> Chart | None:
    rows = [
        (stage, order, what, place, people, "*" if people is None else f"{people:,}")
        for order, stage in enumerate(rows_of(counts))
        for place, what in enumerate(pipeline.OUTCOMES)
        for people in [counts[stage, what]]
    ]
    if not any(people for *_, people, _label in rows):
        return None
    columns = ["stage", "order", "what", "place", "people", "label"]
    frame = pd.DataFrame(rows, columns=columns).astype({"people": "Int64"})
    return Chart("pipeline_flow", frame, "What became of each stage on the way in, by stage.")


def _times_chart(counts: Counts, people: Population) -> Chart | None:
    units = people.units[people.units["what"] == pipeline.WENT_ON]
    rows = []
    for order, stage in enumerate(rows_of(counts)):
        reached, of = counts[stage, pipeline.WENT_ON], counts[stage, TOTAL]
        if reached is not None and of is not None and reached >= MEANS_FROM:
            took = waits([int(days) for days in units[units["stage"] == stage]["took"]])
            rows.append((stage, order, took.median, took.ninetieth, f"{reached} of {of}"))
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["stage", "order", "median", "ninetieth", "label"])
    return Chart("time_in_stage", frame, "Days in each stage of those who went on.")


def _leaving_chart(counts: Counts, _: Population) -> Chart | None:
    rows = [
        (cell[0], order, people, "*" if people is None else f"{people:,}")
        for order, (cell, people) in enumerate(counts.items())
        if cell != (TOTAL,) and people != 0
    ]
    if not any(people for _, _, people, _label in rows):
        return None
    frame = pd.DataFrame(rows, columns=["what", "order", "people", "label"])
    said = ", ".join(f"{what} {label}" for what, _, _, label in rows)
    return Chart("people_leaving", frame.astype({"people": "Int64"}), f"Moved on: {said}.")


def _staying_chart(counts: Counts, _: Population) -> Chart | None:
    everybody = counts.get((TOTAL, TOTAL))
    if everybody is None or everybody < MEANS_FROM:
        return None
    stays: list[tuple[int, bool, int]] = []
    for number, row in enumerate(rows_of(counts)):
        left, still = counts[row, LEFT], counts[row, WITH_US]
        if left is None or still is None:
            break
        days = round((number + 1) * MONTHS * retention.A_MONTH)
        stays += [(days, True, left), (days, False, still)]
    followed = everybody - sum(people for *_, people in stays)
    if followed:  # beyond what may be told: followed for longer than the rows that are shown
        stays.append((round((ROWS + 1) * MONTHS * retention.A_MONTH), False, followed))
    _found, curve = retention.curve_of([one for one in stays if one[2]], MEANS_FROM)
    if len(curve) < 2:  # noqa: PLR2004 - no line through one point
        return None
    return Chart("staying", curve, "The share of volunteers who stay, by months.")
