"""Change while waiting beside change in the groups, as a chart that may leave."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from models import Tally
from services.disclosure.tables import Population
from services.outcomes.outcome_change import change
from services.outcomes.outcome_waiting import IN_GROUPS, NOT_ALIKE, WAITING, beside, waited
from services.outcomes.outcomes import parts_of, title_of
from services.releases import Counts
from services.reports.changed import counted_pairs
from services.reports.parts import (
    Asked,
    Chart,
    Draws,
    Wanted,
    begins,
    counted,
    kept_counts,
    labels,
)
from services.tallies.tallies import Kind


def waited_or_came(db: Session, key: str, first: date, last: date) -> Population:
    """Everybody with two forms, by the quarter of her group: from before it, or from within."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.PAIR, first, last, Tally.key == key):
        where = begins(row.period), row.period, row.programme
        found[*where, IN_GROUPS, row.first, row.second] += row.count
    for one in waited(db, key, begins_in=(first, last)):
        where = begins(one.quarter), one.quarter, one.programme
        found[*where, WAITING, one.start, one.end] += 1
    known = labels(db, first, last, when=(WAITING, IN_GROUPS))
    return counted(found, known, "start", "end")


def by_waiting(asked: Asked, key: str) -> Wanted:
    """The change of those who waited beside that of those who came."""
    title = f"{title_of(key)}: while waiting and in the groups"
    return Wanted(
        title,
        asked.table(f"beside_wait:{key}", "when"),
        "From the first form to the next",
        share=False,  # whoever waited and came is in both
        draws=_chart(key, title),
        about=f"Change in points, positive is better, with its 95% interval. {NOT_ALIKE}",
    )


def _chart(key: str, title: str) -> Draws:
    form, *_ = parts_of(key)

    def draws(counts: Counts, people: Population) -> Chart | None:
        if counts.get((WAITING,)) is None or counts.get((IN_GROUPS,)) is None:
            return None
        units = people.units
        waiting, in_groups = (
            change(counted_pairs(units[units["when"] == when]), form)
            for when in (WAITING, IN_GROUPS)
        )
        if waiting is None or in_groups is None:
            return None
        frame = beside(waiting, in_groups)
        said = ". ".join(f"{one.what}: {one.label}" for one in frame.itertuples())
        return Chart("change_beside_wait", frame, f"{title}. {said}.")

    return draws
