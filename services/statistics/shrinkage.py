"""Shares of small units drawn towards that of all, so that none is best or worst by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.statistics.checks import Vector, share_between
from services.statistics.funnel import checked

_Grid = npt.NDArray[np.float64]  # one line for each unit
_SCATTERS, _CENTRES = 24, 21  # how finely the two unknowns are gone through
_REACH = 4  # standard errors of the centre
_WIDEST = 0.7  # of the deviation of true shares, whose most is 1: half are 0 and half 1
_FARTHEST = 30
_NOTHING = 1e-13  # a variance of rounding alone: of more people than there are
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
    until they settle. A unit's share is then the mean of its posterior beta distribution.

    With few units neither moment is known well, and an interval that took them for known would
    hold the truth too rarely. So its width comes from all that they could be, each as likely as it
    makes the counts, with every standard deviation of the true shares as likely beforehand as any
    other (Gelman 2006, Bayesian Analysis 1(3): 515-534); a beta distribution of that mean and width
    gives both ends (as Christiansen and Morris 1997, Journal of the American Statistical
    Association 92(438): 618-632, for rates). `counts` and `sizes` may be fractions, after a design
    effect. Raises ValueError for what `funnel` refuses.
    """
    made, of = (np.array(one) for one in checked(counts, sizes))
    confidence = share_between(confidence, "The confidence")
    centre, scatter = _moments(made.tolist(), of.tolist())
    shares = np.full(len(of), centre)
    if scatter and 0 < centre < 1:
        total = 1 / scatter - 1
        shares = (centre * total + made) / (total + of)
    means, squares = _gone_through(made, of)
    inner = np.where((shares > 0) & (shares < 1), shares, means)
    spread = squares - 2 * inner * means + inner**2
    units = map(_between, shares, inner, spread, [confidence] * len(of))
    return Shrinkage(centre, scatter, tuple(units))


def _gone_through(made: Vector, of: Vector) -> tuple[Vector, Vector]:
    """The mean of each unit's share and of its square, over all centres and scatters."""
    deviations = (np.arange(_SCATTERS) + 0.5) / _SCATTERS * _WIDEST
    totals = 1 / deviations**2 - 1
    whole = (made.sum() + 0.5) / (of.sum() + 1)
    odds = np.log(made.sum() + 0.5) - np.log((of - made).sum() + 0.5)
    # Centres lie in steps of their own standard error, on the scale of log odds.
    known = (of[:, None] * (totals + 1) / (totals + of[:, None])).sum(axis=0)
    error = 1 / np.sqrt(known * whole / (1 + np.exp(odds)))
    steps = np.linspace(-_REACH, _REACH, _CENTRES)[:, None]
    # Further out no share can be told from none or all.
    centres = 1 / (1 + np.exp(-np.clip(odds + error * steps, -_FARTHEST, _FARTHEST)))
    a, b = (centres * totals).ravel(), ((1 - centres) * totals).ravel()
    first, second = made[:, None] + a, (of - made)[:, None] + b
    weights = _likely(first, second, a, b) * (error * np.sqrt(centres * (1 - centres))).ravel()
    both = first + second
    means = first / both
    squares = means * (first + 1) / (both + 1)
    return (means @ weights) / weights.sum(), (squares @ weights) / weights.sum()


def _likely(first: _Grid, second: _Grid, a: Vector, b: Vector) -> Vector:
    """How likely the counts are under each pair of moments, the likeliest 1."""
    from scipy.special import betaln

    logs = (betaln(first, second) - betaln(a, b)).sum(axis=0)
    weights: Vector = np.exp(logs - logs.max())
    return weights


def _between(share: float, mean: float, variance: float, confidence: float) -> Shrunk:
    """Both ends by the beta distribution of this mean and variance."""
    from scipy.special import betaincinv

    if variance <= _NOTHING:
        return Shrunk(float(share), float(share), float(share))
    # Next to 0 or 1 no beta distribution is as wide as that: one with as much room as there is.
    total = mean * (1 - mean) / min(variance, mean * (1 - mean) / 2) - 1
    tail = (1 - confidence) / 2
    low, high = betaincinv(mean * total, (1 - mean) * total, [tail, 1 - tail])
    return Shrunk(float(share), min(float(low), float(share)), max(float(high), float(share)))


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
