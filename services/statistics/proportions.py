"""Proportions of people: an honest interval, and change of a yes-or-no answer."""

import math
from dataclasses import dataclass

from services.statistics.checks import count, share_between


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval for a proportion, 0 to 1."""

    low: float
    high: float


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for a proportion (Wilson 1927; D §3.5).

    Stays between 0 and 1 and is honest for few people: "100%" of 10 is 72% to 100%.
    None out of n begins at exactly 0, all out of n ends at exactly 1.
    """
    from scipy.special import ndtri

    successes, n = count(successes, "The number who did"), count(n, "The number of people")
    confidence = share_between(confidence, "The confidence")
    if n == 0:
        raise ValueError("An interval needs at least one person.")
    if successes > n:
        raise ValueError("The number who did cannot exceed the number of people.")
    # From the upper tail: for a confidence close to 1, 1 - (1 - x) would lose its digits.
    z = -float(ndtri((1 - confidence) / 2))
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    shrink = 1 + z * z / n
    return Interval(
        low=0.0 if successes == 0 else max(0.0, (centre - margin) / shrink),
        high=1.0 if successes == n else min(1.0, (centre + margin) / shrink),
    )


def mcnemar_exact(b: int, c: int) -> float:
    """Exact two-sided p for people who crossed a line one way (b) or the other (c).

    Under no change each crossing is a fair coin, so p doubles the smaller binomial tail
    and is at most 1. Nobody crossing at all gives 1.
    """
    from scipy.special import betainc

    b, c = count(b, "The number who crossed one way"), count(c, "The number who crossed back")
    if b == c:
        return 1.0
    # The binomial tail by the incomplete beta function, which keeps its digits for any number.
    return min(1.0, 2 * float(betainc(max(b, c), min(b, c) + 1, 0.5)))
