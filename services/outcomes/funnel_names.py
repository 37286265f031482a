"""On which side of its point a name stands in a funnel, so that none lies on another. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

# Pixels: a funnel on a screen as narrow as has room for all the names. On a wider one they only
# move apart.
_WIDTH, _HEIGHT = 560, 360
_LETTER, _LINE, _POINT, _AWAY = 5.8, 13, 6, 13


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


def sides_of_names(points: Sequence[Named]) -> list[str]:
    """For each point "above", "below", "right" or "left"; empty where its name has no room.

    First those that must be named, then from the largest down: the small ones crowd on the left,
    where the limits are widest and a name says least.
    """
    taken = [_dot(point) for point in points]
    found = [""] * len(points)
    for at in sorted(range(len(points)), key=lambda at: (not points[at].must, -points[at].across)):
        boxes = _boxes(points[at])
        free = [side for side, box in boxes.items() if _is_free(box, taken)]
        side = free[0] if free else "above" if points[at].must else ""
        found[at] = side
        if side:
            taken.append(boxes[side])
    return found


def _is_free(box: _Box, taken: Sequence[_Box]) -> bool:
    is_inside = box.left >= 0 and box.right <= _WIDTH and box.low >= 0 and box.high <= _HEIGHT
    return is_inside and not any(box.meets(other) for other in taken)


def _dot(point: Named) -> _Box:
    x, y = point.across * _WIDTH, point.up * _HEIGHT
    return _Box(x - _POINT, x + _POINT, y - _POINT, y + _POINT)


def _boxes(point: Named) -> dict[str, _Box]:
    x, y = point.across * _WIDTH, point.up * _HEIGHT
    wide, half = len(point.name) * _LETTER, _LINE / 2
    return {
        "above": _Box(x - wide / 2, x + wide / 2, y + _AWAY - half, y + _AWAY + half),
        "below": _Box(x - wide / 2, x + wide / 2, y - _AWAY - half, y - _AWAY + half),
        "right": _Box(x + _AWAY - 3, x + _AWAY - 3 + wide, y - half, y + half),
        "left": _Box(x - _AWAY + 3 - wide, x - _AWAY + 3, y - half, y + half),
    }
