"""Whom a report counts: frames of units without names, each with one day (see disclosure.tables).

Read from the data itself, or from kept counts by whole quarters; each subject has its own module.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from services.disclosure.tables import Population
from services.reports import (
    beside_waiting,
    changed,
    cohorts,
    coming,
    held,
    helping,
    left,
    referrals_counted,
    said,
    score_charts,
    stepping,
    supporting,
)

_Makes = Callable[[Session, date, date], Population]
_MakesOf = Callable[[Session, str, date, date], Population]


def population(db: Session, name: str, first: date, last: date) -> Population:
    """Everybody counted under a name whose day lies in the period.

    Names are those of `_MAKERS`; of `_OF_ONE`, with what they are of, as in `change:gad7:self`.
    """
    kind, _, key = name.partition(":")
    if kind in score_charts.DOSE_KINDS:
        return score_charts.dosed(db, kind, key, first, last)
    if kind in _OF_ONE:
        return _OF_ONE[kind](db, key, first, last)
    return _MAKERS[name](db, first, last)


_MAKERS: dict[str, _Makes] = {
    "referrals": referrals_counted.referrals,
    "places": coming.places,
    "attendance": coming.attendance,
    "cohorts": cohorts.cohorts,
    "reasons": left.reasons,
    "stays": left.stays,
    "held": held.sessions,
    "helped": helping.helped,
    "stages": helping.stages,
    "moves_out": helping.moves_out,
    "active": helping.active,
    "cover": supporting.places_needed,
    "trained": supporting.trained,
    "supported": supporting.supported,
    "weighed": supporting.weighed,
    "strands": stepping.strands,
    "steps": stepping.steps,
    "themes": said.themes,
}
_OF_ONE: dict[str, _MakesOf] = {
    "change": changed.changes,
    "beside_wait": beside_waiting.waited_or_came,
    "grown": score_charts.grown,
    "in_parts": stepping.in_parts,
    "feedback": said.answers,
}
