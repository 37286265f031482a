"""Whether more people moved one way than the other, and further: for few or skewed scores."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from services.statistics.checks import Vector, numbers, rounding

EXACT_UP_TO = 50


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Wilcoxon's signed ranks: `rank_sum` of those who got better, and its two-sided p.

    `same` did not change at all and take no part; `exact` says whether every way the signs could
    have fallen was counted.
    """

    better: int
    worse: int
    same: int
    rank_sum: float
    p: float
    exact: bool


def signed_rank(
    before: Iterable[float], after: Iterable[float], higher_is_better: bool = True
) -> SignedRank:
    """Wilcoxon's signed-rank test (1945, Biometrics Bulletin 1: 80-83) of pairs by position.

    Changes of zero are left out, as Wilcoxon did; equal sizes share the mean of their ranks. Up to
    fifty changes p is exact: of all ways the signs could have fallen over these very ranks, ties
    included (Hollander, Wolfe and Chicken 2014, Nonparametric Statistical Methods, section 3.1),
    the share that lies as far from the middle as this one or further. Beyond, the normal curve
    with a correction for ties and for continuity. Nobody changing at all gives p = 1.
    """
    gains = _gains(before, after, higher_is_better)
    moved = [gain for gain in gains if gain]
    ranks = _ranks([abs(gain) for gain in moved])
    won = math.fsum(rank for rank, gain in zip(ranks, moved, strict=True) if gain > 0)
    exact = len(moved) <= EXACT_UP_TO
    better = sum(gain > 0 for gain in moved)
    return SignedRank(
        better=better,
        worse=len(moved) - better,
        same=len(gains) - len(moved),
        rank_sum=won,
        p=_exact_p(ranks, won) if exact else _normal_p(ranks, won),
        exact=exact,
    )


def _gains(before: Iterable[float], after: Iterable[float], higher_is_better: bool) -> list[float]:
    first = numbers(before, "Every score before")
    second = numbers(after, "Every score after")
    if len(first) != len(second):
        raise ValueError(
            "Before and after need one score each from the same people, "
            f"but there are {len(first)} before and {len(second)} after."
        )
    if not len(first):
        raise ValueError("Change needs at least one person with a score before and after.")
    gains: Vector = second - first if higher_is_better else first - second
    noise = rounding(first, second)
    return [0.0 if abs(gain) <= noise else float(gain) for gain in gains]


def _ranks(sizes: list[float]) -> list[float]:
    """From 1 for the smallest; equal ones share the mean. Rounding alone makes none unequal."""
    named = [float(f"{size:.9g}") for size in sizes]
    times = Counter(named)
    order = sorted(times)
    below = [0, *accumulate(times[size] for size in order)]
    rank = {
        size: before + (times[size] + 1) / 2 for size, before in zip(order, below, strict=False)
    }
    return [rank[size] for size in named]


def _exact_p(ranks: list[float], won: float) -> float:
    """Ways to reach each sum of doubled (so whole) ranks, one rank after another."""
    ways = Counter({0: 1})
    for rank in ranks:
        ways += Counter({total + round(2 * rank): n for total, n in ways.items()})
    far = abs(round(2 * won) - sum(ranks))  # doubled: the middle is half of all the ranks
    as_far = sum(n for total, n in ways.items() if abs(total - sum(ranks)) >= far)
    return as_far / (1 << len(ranks))


def _normal_p(ranks: list[float], won: float) -> float:
    middle = math.fsum(ranks) / 2
    # With shared ranks this is n(n + 1)(2n + 1) / 24 less its correction for ties.
    spread = math.sqrt(math.fsum(rank * rank for rank in ranks) / 4)
    far = max(0.0, abs(won - middle) - 0.5) / spread
    return math.erfc(far / math.sqrt(2))
