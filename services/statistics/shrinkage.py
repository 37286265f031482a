"""Shares of small units drawn towards that of all, so that none is best or worst by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.statistics.funnel import checked

_ROUNDS = 200
_STEADY = 1e-12
_MOST = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One unit's share as far as its size lets it be known, with both ends of its interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """What units have in common, and each by itself.

    `centre` is the mean of the units' true shares and `scatter` how much these differ: the
    correlation of two people of one unit, 0 where the units differ by no more than chance. Then
    there is nothing to tell them apart, and each has the share of all.
    """

    centre: float
    scatter: float
    units: tuple[Shrunk, ...]


def shrink(counts: Sequence[float], sizes: Sequence[float], confidence: float = 0.95) -> Shrinkage:
    """Empirical Bayes for shares: each unit's own, and of all as much as its size calls for.

    The units' true shares are taken to follow a beta distribution, so that counts are
    beta-binomial. Its mean and scatter come from the counts by Kleinman's (1973, Journal of the
    American Statistical Association 68(341): 46-54) moments with weights that are worked out again
    until they settle. A unit's share is then the mean of its posterior beta distribution and the
    interval its middle 95 %; that the two moments are estimates widens it no further. `counts` and
    `sizes` may be fractions, after a design effect. Raises ValueError for what `funnel` refuses.
    """
    made, of = checked(counts, sizes)
    if not 0 < confidence < 1:
        raise ValueError("The confidence must lie between 0 and 1, such as 0.95.")
    centre, scatter = _moments(made, of)
    if scatter == 0 or centre in (0.0, 1.0):
        whole = _posterior(sum(made), sum(of), 0.5, 0.5, confidence)
        alike = Shrunk(centre, min(whole.low, centre), max(whole.high, centre))
        return Shrinkage(centre, scatter, (alike,) * len(of))
    total = 1 / scatter - 1
    a, b = centre * total, (1 - centre) * total
    units = (_posterior(x, n, a, b, confidence) for x, n in zip(made, of, strict=True))
    return Shrinkage(centre, scatter, tuple(units))


def _moments(made: Sequence[float], of: Sequence[float]) -> tuple[float, float]:
    """Mean and scatter of the true shares. Var(x/n) = pq ((1 - scatter) / n + scatter)."""
    scatter = 0.0
    centre = sum(made) / sum(of)
    for _round in range(_ROUNDS if len(of) > 1 else 0):
        weights = [n / (1 + (n - 1) * scatter) for n in of]
        whole = sum(weights)
        centre = sum(w * x / n for w, x, n in zip(weights, made, of, strict=True)) / whole
        spare = [w * (1 - w / whole) for w in weights]
        by_chance = sum(one / n for one, n in zip(spare, of, strict=True))
        seen = sum(w * (x / n - centre) ** 2 for w, x, n in zip(weights, made, of, strict=True))
        room, each = sum(spare) - by_chance, centre * (1 - centre)
        if each == 0 or room <= 0:
            return centre, 0.0
        before, scatter = scatter, min(_MOST, max(0.0, (seen / each - by_chance) / room))
        if abs(scatter - before) <= _STEADY:
            break
    return centre, scatter


def _posterior(x: float, n: float, a: float, b: float, confidence: float) -> Shrunk:
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low, high = (float(betaincinv(a + x, b + n - x, at)) for at in (tail, 1 - tail))
    return Shrunk((a + x) / (a + b + n), low, high)
