"""Whether those who came to more sessions changed more: from sums kept as marks are saved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from sqlalchemy.orm import Session

from services.errors import NotFoundError
from services.frames import typed
from services.measures.measure_library import measures
from services.measures.measure_sums import DOSE_SUMS
from services.permissions import Actor, Permission
from services.statistics import AtDose, Trend, trend
from services.tallies.shares import MEANS_FROM
from services.tallies.tallies import Kind
from services.tallies.tally_totals import several
from services.unchanged import while_unchanged

SESSIONS, CONTENT = "Sessions attended", "Topics covered"
COUNTED = {
    SESSIONS: "sessions attended in the room or online",
    CONTENT: "sessions whose topic was covered, by coming or by catching up",
}
NO_CAUSE = (
    "This does not show that coming more often brings more change. Those who come to most may be "
    "safer, better supported or less unwell to begin with, and those who get better may find it "
    "easier to come."
)
FEW = (
    f"Fewer than {MEANS_FROM} people have both forms, so nothing can be said about sessions and "
    "change."
)
NO_PICTURE = (
    "There are too few people to draw a line without showing what a few of them came to: these "
    "figures are all there is."
)
_COLUMNS = ["kind", "dose", "change", "low", "high", "people", "label"]
_Rows = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Dose:
    """Change by one way of counting; `curve` is empty, and `words` says why, where none can be had.

    curve: kind ("line", "seen"), dose, change (points, positive = better), low, high (95%; NA for
    what was seen), people, label.
    """

    title: str
    curve: pd.DataFrame
    line: Trend | None
    words: str


@while_unchanged
def doses(
    db: Session, actor: Actor, key: str, *, programme: str | None = None, period: str | None = None
) -> tuple[Dose, ...]:
    """Change from start to end against sessions attended, and against topics covered."""
    actor.require(Permission.READ_OUTCOMES)
    form = measures().get(key.split(":", maxsplit=1)[0])
    if form is None:
        raise NotFoundError("measure")
    kinds = {Kind.SESSIONS: SESSIONS, Kind.CONTENT: CONTENT}
    found = several(db, actor, tuple(kinds), [key], programme=programme, period=period)
    sign = -1 if form.direction == "down" else 1
    return tuple(
        dose_of(title, tuple(row[1:] for row in found[kind]), sign) for kind, title in kinds.items()
    )


@lru_cache(maxsize=64)
def dose_of(title: str, rows: _Rows, sign: int) -> Dose:
    """Change by dose from kept sums; `sign` is -1 where less is better."""
    groups = _groups(rows, sign)
    none = pd.DataFrame(columns=_COLUMNS)
    if sum(group.people for group in groups) < MEANS_FROM:
        return Dose(title, none, None, FEW)
    try:
        line = trend(groups)
    except ValueError as why:
        return Dose(title, none, None, str(why))
    drawn = list(_line(line, groups))
    if not drawn:
        return Dose(title, none, line, f"{_words(title, line)} {NO_PICTURE}")
    drawn += _seen(groups)
    curve = typed(drawn, _COLUMNS, {"low": "Float64", "high": "Float64"})
    return Dose(title, curve, line, _words(title, line))


def _groups(rows: _Rows, sign: int) -> list[AtDose]:
    kept: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for dose, number, value in rows:
        kept[dose][DOSE_SUMS[number]] = value
    return [
        AtDose(
            dose,
            sums.get("people", 0),
            sign * (sums.get("end", 0) - sums.get("start", 0)) / 100,
            sums.get("change_squared", 0) / 1e4,
        )
        for dose, sums in sorted(kept.items())
    ]


def _line(line: Trend, groups: list[AtDose]) -> Iterable[tuple[object, ...]]:
    first, last = _end_of(groups), _end_of(reversed(groups))
    for step in range(13) if first < last else ():
        dose = first + (last - first) * step / 12
        change, low, high = line.at(dose)
        label = f"{dose:.1f}: {change:+z.1f} points ({low:+z.1f} to {high:+z.1f})"
        yield ("line", dose, change, low, high, line.n, label)


def _end_of(groups: Iterable[AtDose]) -> float:
    """Up to where the line is drawn: no end of it shows what a few people alone came to."""
    people = 0
    dose = 0.0
    for group in groups:
        people, dose = people + group.people, group.dose
        if people >= MEANS_FROM:
            break
    return dose


def _seen(groups: list[AtDose]) -> Iterable[tuple[object, ...]]:
    """The mean change of neighbouring numbers of sessions, once ten or more have one."""
    people, dose, total = 0, 0.0, 0.0
    for group in groups:
        people, total = people + group.people, total + group.total
        dose += group.people * group.dose
        if people >= MEANS_FROM:
            label = f"mean of {people:,} with {dose / people:.1f}: {total / people:+z.1f} points"
            yield ("seen", dose / people, total / people, None, None, people, label)
            people, dose, total = 0, 0.0, 0.0


def _words(title: str, line: Trend) -> str:
    sure = f"95% interval {line.low:+z.2f} to {line.high:+z.2f}"
    if not line.spread:
        sure = "everybody lies on one line, so nothing says how far chance reaches"
    return (
        f"{title} ({COUNTED[title]}): {line.slope:+z.2f} points of change for each one more "
        f"({sure}), n = {line.n:,}."
    )
