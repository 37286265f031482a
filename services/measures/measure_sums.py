"""What scores add up to, kept as they are saved: growth over weeks, and change by sessions. Pure.

Totals are times 100 and weeks whole, so every sum is exact. `second` of a cell says of what it is
the sum, by its place in `PATH_SUMS`, `WEEK_SUMS` or `DOSE_SUMS`. All are 0 or more.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from models import Point
from services.tallies.tallies import Cell, Kind

# For each person: her scores added up, and each times its week; over people those, their squares
# and products; and every single score's square (`services.statistics.PathSums`).
PATH_SUMS = (
    "people", "score", "moment", "score_squared", "score_by_moment", "moment_squared", "squares",
)  # fmt: skip
WEEK_SUMS = ("people", "score")
DOSE_SUMS = ("people", "start", "end", "change_squared")
# A follow-up weeks after the group is no part of the growth while it lasted.
OF_GROWTH = (Point.START, Point.MIDDLE, Point.END)
_LONGEST = 998  # weeks; three digits hold a week and one more

# What a measure came to at each point, with the version it was of: total x 100, version, day.
Totals: TypeAlias = Mapping[Point, tuple[int, int, date]]
Measured: TypeAlias = Mapping[str, Sequence[int | None]]


def versioned(key: str, version: int) -> str:
    """The key under which forms of a version are counted: never together with another's."""
    return key if version == 1 else f"{key}:{version}"


def measured(totals: Mapping[str, Totals]) -> dict[str, list[int | None]]:
    """The start, and the end of the same version or None, by key; what is kept with a place."""
    found: dict[str, list[int | None]] = {}
    for key, at in totals.items():
        if Point.START in at:
            start, version, _day = at[Point.START]
            ended = at.get(Point.END)
            same = ended is not None and ended[1] == version
            found[versioned(key, version)] = [start, ended[0] if ended and same else None]
    return found


def dose_cells(
    programme: str, period: str, scores: Measured | None, attended: int, covered: int
) -> Counter[Cell]:
    """What one place's scores count for, by the sessions she attended and those she covered.

    Of whoever has no end form, only how many she attended is added up.
    """
    counted: Counter[Cell] = Counter()
    for key, (start, end) in (scores or {}).items():
        if start is None or end is None:
            counted[Cell(Kind.ALONE, programme, period, key)] += attended
            continue
        sums = (1, start, end, (end - start) ** 2)
        for kind, dose in ((Kind.SESSIONS, attended), (Kind.CONTENT, covered)):
            for number, value in enumerate(sums):
                counted[Cell(kind, programme, period, key, dose, number)] += value
    return counted


def path_cells(programme: str, period: str, key: str, at: Totals) -> Counter[Cell]:
    """What one person's scores on one measure add up to, each version's by themselves."""
    counted: Counter[Cell] = Counter()
    for version in {version for _total, version, _day in at.values()}:
        taken = sorted(
            (day, total)
            for point, (total, of, day) in at.items()
            if of == version and point in OF_GROWTH
        )
        if taken:
            name = versioned(key, version)
            for kind, first, second, by in _sums(list(_by_week(taken))):
                counted[Cell(kind, programme, period, name, first, second)] += by
    return counted


def weeks_of(path: int) -> tuple[int, ...]:
    """The weeks that the number of a path stands for; every path begins in week 0."""
    weeks = [0]
    while path:
        path, week = divmod(path, _LONGEST + 2)
        weeks.append(week - 1)
    return tuple(weeks)


def _path(weeks: Iterable[int]) -> int:
    """One number for the weeks after the first form, the earliest in the last three digits."""
    return sum((week + 1) * (_LONGEST + 2) ** n for n, week in enumerate(weeks))


def _by_week(taken: Sequence[tuple[date, int]]) -> Iterator[tuple[int, int]]:
    """Each total with its week from the person's own first form on (domain §3.3)."""
    first = taken[0][0]
    for day, total in taken:
        yield min(round((day - first).days / 7), _LONGEST), total


def _sums(scores: Sequence[tuple[int, int]]) -> Iterator[tuple[Kind, int, int, int]]:
    path = _path(week for week, _total in scores[1:])
    level = sum(total for _week, total in scores)
    moment = sum(week * total for week, total in scores)
    squares = sum(total**2 for _week, total in scores)
    sums = (1, level, moment, level**2, level * moment, moment**2, squares)
    for number, value in enumerate(sums):
        yield Kind.PATH, path, number, value
    for week, total in scores:
        yield Kind.WEEK, week, 0, 1
        yield Kind.WEEK, week, 1, total
