"""Whether a share differs from the whole by more than chance gives for a unit of its size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

from services.statistics.checks import number, numbers, share_between
from services.statistics.proportions import Interval

Place: TypeAlias = Literal["within", "edge above", "edge below", "above", "below"]

INNER, OUTER = 0.95, 0.998  # two and three standard deviations, nearly: the usual pair
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Funnel:
    """The share of all units together, and where each lies: "within" the inner limits, at the
    "edge" between inner and outer ones, or outside both, "above" or "below"."""

    centre: float
    places: tuple[Place, ...]


def funnel(counts: Sequence[float], sizes: Sequence[float]) -> Funnel:
    """Where each unit lies around the share of all together (Spiegelhalter 2005, Statistics in
    Medicine 24(8): 1185-1202).

    Judged by the exact binomial tail, not by the drawn line: a unit lies outside a limit only
    where a share as far from the centre or farther, on its side, has less than half of what the
    limit leaves out as its probability. `counts` and `sizes` may be fractions, after a design
    effect. Raises ValueError where there is nobody, or more than there are.
    """
    made, of = checked(counts, sizes)
    centre = sum(made) / sum(of)
    return Funnel(centre, tuple(_place(x, n, centre) for x, n in zip(made, of, strict=True)))


def funnel_limits(centre: float, size: float, within: float) -> Interval:
    """Between which shares a unit of a size lies so often by chance, for a line to be drawn.

    Exact binomial limits, interpolated between whole counts as Spiegelhalter (2005, appendix A)
    does, so that the line is smooth.
    """
    if not (0 <= number(centre, "The centre") <= 1 and number(size, "The size") > 0):
        raise ValueError("Limits need a share from 0 to 1 and a size above 0.")
    tail = (1 - share_between(within, "The share within the limits")) / 2
    low, high = (_quantile(centre, size, at) / size for at in (tail, 1 - tail))
    return Interval(max(0.0, low), min(1.0, high))


def checked(counts: Sequence[float], sizes: Sequence[float]) -> tuple[list[float], list[float]]:
    """Counts and sizes that a share can be made of, each size above 0."""
    made = numbers(counts, "Every count").tolist()
    of = numbers(sizes, "Every number that a count is out of").tolist()
    if len(made) != len(of) or not of:
        raise ValueError("A comparison needs one count for each number it is out of.")
    if min(of) <= 0:
        raise ValueError("A unit in which nobody was counted cannot be compared: leave it out.")
    if any(not 0 <= x <= n for x, n in zip(made, of, strict=True)):
        raise ValueError("A count must lie between 0 and the number it is out of.")
    return made, of


def _place(x: float, n: float, centre: float) -> Place:
    if abs(x / n - centre) <= _ROUNDING or centre in (0.0, 1.0):
        return "within"
    is_above = x / n > centre
    tail = _at_least(x, n, centre) if is_above else _at_most(x, n, centre)
    if tail >= (1 - INNER) / 2:
        return "within"
    if tail >= (1 - OUTER) / 2:
        return "edge above" if is_above else "edge below"
    return "above" if is_above else "below"


def _at_most(x: float, n: float, p: float) -> float:
    """P(X <= x) of a binomial, carried on between whole numbers by the incomplete beta function."""
    from scipy.special import betainc

    return 1.0 if x >= n else float(betainc(n - x, x + 1, 1 - p))


def _at_least(x: float, n: float, p: float) -> float:
    from scipy.special import betainc

    return 1.0 if x <= 0 else float(betainc(x, n - x + 1, p))


def _quantile(p: float, n: float, at: float) -> float:
    """The count below which a share `at` of all draws lies, in proportion between two of them."""
    if p in (0.0, 1.0):
        return p * n
    low, high = _around(p, n, at)  # P(X <= low) < at <= P(X <= high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _at_most(middle, n, p) >= at else (middle, high)
    reached = _at_most(high, n, p)
    before = _at_most(high - 1, n, p) if high > 0 else 0.0
    return high - (reached - at) / (reached - before)


def _around(p: float, n: float, at: float) -> tuple[int, int]:
    """Two counts between which that one lies: near to where a normal curve has it, if it is there.

    So its cost does not grow with the size.
    """
    guess = n * p + NormalDist().inv_cdf(at) * math.sqrt(n * p * (1 - p))
    low, high = max(-1, math.floor(guess) - 2), min(int(n) + 1, math.ceil(guess) + 2)
    is_there = (low < 0 or _at_most(low, n, p) < at) and _at_most(high, n, p) >= at
    return (low, high) if is_there else (-1, int(n) + 1)
