"""The fixed sections of a report: which tables, and what is said of them once they may leave."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from services.reports import changed, coming, helping, referred, said, stepping
from services.reports.parts import TITLES, Asked, Section


def section(db: Session, key: str, asked: Asked) -> Section:
    """The section of this key as it would be, before anything is hidden."""
    return _READING[key](db, asked) if key in _READING else _MAKERS[key](asked)


def _definitions(asked: Asked) -> Section:
    return Section("definitions", TITLES["definitions"], "", lines=_counted(asked))


def _counted(asked: Asked) -> tuple[str, ...]:
    hidden = (
        f"An asterisk stands for a number from 1 to {asked.threshold - 1}, or one that would let "
        "such a number be worked out, from this report or together with earlier ones."
    )
    few = (
        "Percentages are whole and left out below ten people. An interval after a percentage is "
        "its 95% interval. No mean or median rests on fewer than ten people."
    )
    rounded = "Numbers are rounded to the nearest five."
    completed = (
        "Started: at least one session. Completed: as many sessions covered, by coming or catching "
        "up, as the group asks for."
    )
    frozen = (
        "Figures are those of the day the report was made. A table that left before leaves again "
        "with the numbers it had then."
    )
    return (hidden, few, *([rounded] if asked.is_rounded else []), completed, frozen)


_MAKERS: dict[str, Callable[[Asked], Section]] = {
    "reached": referred.reached,
    "waits": referred.waiting,
    "attendance": coming.coming,
    "children": stepping.children,
    "workforce": helping.workforce,
    "equality": referred.equality,
    "missing": coming.missing,
    "definitions": _definitions,
}
# These look first at what there is to report on.
_READING: dict[str, Callable[[Session, Asked], Section]] = {
    "outcomes": changed.outcomes,
    "experience": said.experience,
}
