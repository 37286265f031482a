"""Which charts may be taken out of the house, each with the table its figures come from."""

from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from services.children.child_steps import strand_labels
from services.children.children_compared import By
from services.errors import NotFoundError
from services.reports import (
    beside_waiting,
    changed,
    cohorts,
    coming,
    coming_charts,
    held,
    helping,
    helping_charts,
    left,
    said,
    score_charts,
    stepping,
    supporting,
)
from services.reports.parts import Asked, Wanted
from services.reports.referrals_counted import CLOCKS
from services.reports.referred import wait

_Named = Callable[[Session, Asked, str], Wanted | None]


def is_known(figure: str) -> bool:
    """Whether there is a figure of this kind that may be taken out at all."""
    return figure.partition(":")[0] in _FIGURES


def wanted(db: Session, figure: str, asked: Asked) -> Wanted | None:
    """The table of a figure, as in `change:gad7:self`; None where there is nothing of it yet.

    Raises NotFoundError for a figure that stays in the house.
    """
    kind, _, rest = figure.partition(":")
    if kind not in _FIGURES:
        raise NotFoundError("chart")
    return _FIGURES[kind](db, asked, rest)


def _of_measure(make: Callable[[Asked, str], Wanted]) -> _Named:
    """Only of a measure that somebody has at both ends."""

    def named(db: Session, asked: Asked, key: str) -> Wanted | None:
        return make(asked, key) if key in changed.measured(db, asked.first, asked.last) else None

    return named


def _in_bands(name: str) -> _Named:
    return _of_measure(lambda asked, key: score_charts.in_bands(asked, key, name))


def _one_of(known: Collection[str], make: Callable[[Asked, str], Wanted]) -> _Named:
    def named(_db: Session, asked: Asked, name: str) -> Wanted | None:
        return make(asked, name) if name in known else None

    return named


def _always(make: Callable[[Asked], Wanted]) -> _Named:
    return lambda _db, asked, _rest: make(asked)


def _compared(_db: Session, asked: Asked, rest: str) -> Wanted | None:
    by, _, strand = rest.partition(":")
    known = by in {one.value for one in By} and strand in strand_labels()
    return stepping.compared(asked, by, strand) if known else None


_FIGURES: dict[str, _Named] = {
    "attendance": _always(coming.by_session),
    "months": _one_of(coming_charts.RATES, coming_charts.by_month),
    "away": _always(coming_charts.away),
    "completing": coming_charts.completing,
    "live": coming_charts.live,
    "cohorts": _always(cohorts.heat),
    "flow": _always(coming_charts.flow),
    "staying": _always(left.staying),
    "left": _always(left.why_left),
    "held": _always(held.by_month),
    "waits": _one_of(CLOCKS, wait),
    "change": _of_measure(changed.verdicts),
    "lines": _in_bands("score_start_to_end"),
    "against": _in_bands("score_against_end"),
    "spread": _in_bands("before_and_after"),
    "waited": _of_measure(beside_waiting.by_waiting),
    "growth": _of_measure(score_charts.over_weeks),
    "sessions": _of_measure(lambda asked, key: score_charts.by_dose(asked, "sessions", key)),
    "content": _of_measure(lambda asked, key: score_charts.by_dose(asked, "content", key)),
    "moved": _always(stepping.moved_up),
    "levels": _always(stepping.at_each_point),
    "compared": _compared,
    "answers": said.over_time,
    "themes": _always(said.written_about),
    "hours": _always(helping.hours),
    "cover": _always(supporting.cover),
    "kept": _one_of(supporting.KEPT, supporting.kept),
    "weight": _always(supporting.weight),
    "way_in": _one_of(("pipeline_flow", "time_in_stage"), helping_charts.way_in),
    "moved_on": _one_of(("where", "why"), helping_charts.moved_on),
    "volunteers": _always(helping_charts.staying),
}
