"""On which side of its point a name stands in a funnel, so that none lies on another."""

from collections.abc import Iterable, Sequence
from itertools import compress, groupby, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

import pandas as pd

SIDES: Final = ("above", "below", "right", "left")  # in the order in which they are tried
# Pixels: a funnel on a screen as narrow as has room for all the names. On a wider one they only
# move apart; on a phone those alone are drawn that must be.
_WIDTH, _PHONE, _HEIGHT = 560, 290, 360
_LETTER, _LINE, _POINT, _AWAY, _BESIDE = 5.8, 13, 6, 13, 10

Line: TypeAlias = Sequence[tuple[float, float]]  # how far along both axes, from left to right


class Named(NamedTuple):
    """A unit of a funnel: how far along both axes (0 to 1), and its name."""

    across: float
    up: float
    name: str
    must: bool  # stands by its name whether there is room or not


class _Box(NamedTuple):
    left: float
    right: float
    low: float
    high: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


def named(layers: pd.DataFrame) -> pd.DataFrame:
    """The rows of a funnel with the side on which each unit's name stands: empty where it has no
    room, and in the rows that are no unit's."""
    curves = sorted(
        _rows(layers, "limit", ["limit", "size", "low", "high", "centre"]), key=itemgetter(0)
    )  # each limit's together, along the axis as they were
    units = _rows(layers, "unit", ["size", "share", "written", "place"])
    end = max((size for _limit, size, *_edges in curves), default=1.0)  # where the axis ends
    points = [Named(size / end, up, name, place != "within") for size, up, name, place in units]
    lines = [
        [(size / end, edges[which]) for _limit, size, *edges in limit]
        for limit in (list(of_it) for _name, of_it in groupby(curves, itemgetter(0)))
        for which in range(3)
    ]
    sides = iter(sides_of_names(points, lines))
    return layers.assign(side=[next(sides) if has else "" for has in layers["unit"].notna()])


def _rows(layers: pd.DataFrame, of: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows that have `of`, as tuples: every look into a frame costs more than all of them."""
    values = zip(*(layers[name].tolist() for name in columns), strict=True)
    return list(compress(values, layers[of].notna().tolist()))


def sides_of_names(points: Sequence[Named], lines: Iterable[Line] = ()) -> list[str]:
    """For each point one of `SIDES`; empty where its name has no room.

    First those that must be named, then from the largest down: the small ones crowd on the left,
    where the limits are widest and a name says least. Off the lines where that can be had.
    """
    taken = [_dot(point) for point in points]
    drawn = [_segment(*ends) for line in lines for ends in pairwise(line)]
    found = [""] * len(points)
    for at in sorted(range(len(points)), key=lambda at: (not points[at].must, -points[at].across)):
        boxes = _boxes(points[at], _WIDTH)
        inside = _inside(points[at])
        free = [side for side in inside if not _meets(boxes[side], taken)]
        clear = [side for side in free if not _meets(boxes[side], drawn)]
        found[at] = next(iter([*clear, *free, *(inside if points[at].must else ())]), "")
        if found[at]:
            taken.append(boxes[found[at]])
    return found


def _inside(point: Named) -> list[str]:
    """The sides on which a name does not leave the chart: on a phone neither, where it must."""
    widths = (_WIDTH, _PHONE) if point.must else (_WIDTH,)
    tried = [(width, _boxes(point, width)) for width in widths]
    return [
        side
        for side in SIDES
        if all(at[side].left >= 0 and at[side].right <= width for width, at in tried)
        and tried[0][1][side].low >= 0
        and tried[0][1][side].high <= _HEIGHT
    ]


def _meets(box: _Box, others: Iterable[_Box]) -> bool:
    return any(box.meets(other) for other in others)


def _dot(point: Named) -> _Box:
    x, y = point.across * _WIDTH, point.up * _HEIGHT
    return _Box(x - _POINT, x + _POINT, y - _POINT, y + _POINT)


def _segment(start: tuple[float, float], end: tuple[float, float]) -> _Box:
    low, high = sorted((start[1], end[1]))
    return _Box(start[0] * _WIDTH, end[0] * _WIDTH, low * _HEIGHT - 1, high * _HEIGHT + 1)


def _boxes(point: Named, width: float) -> dict[str, _Box]:
    x, y = point.across * width, point.up * _HEIGHT
    wide, half = len(point.name) * _LETTER, _LINE / 2
    return {
        "above": _Box(x - wide / 2, x + wide / 2, y + _AWAY - half, y + _AWAY + half),
        "below": _Box(x - wide / 2, x + wide / 2, y - _AWAY - half, y - _AWAY + half),
        "right": _Box(x + _BESIDE, x + _BESIDE + wide, y - half, y + half),
        "left": _Box(x - _BESIDE - wide, x - _BESIDE, y - half, y + half),
    }
