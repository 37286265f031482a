"""Days that people waited: the median and the 90th percentile (domain §6), never the mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.statistics.checks import count, each, number, numbers

MEDIAN, NINETIETH = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Waits:
    """Of `n` waits that are over; both None where there is none."""

    n: int
    median: float | None
    ninetieth: float | None


def waits(days: Sequence[int]) -> Waits:
    """The figures for waits that are over, each in whole days of 0 or more."""
    read = sorted(count(value, "A wait") for value in each(days, "A wait"))
    if not read:
        return Waits(0, None, None)
    return Waits(len(read), percentile(read, MEDIAN), percentile(read, NINETIETH))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which a share of ordered values lies, between two of them in proportion.

    The rule spreadsheets call PERCENTILE.INC, so that anybody can check it there.
    """
    values = numbers(ordered, "Every value").tolist()
    if not values:
        raise ValueError("A percentile needs at least one value.")
    if not 0 <= number(share, "A share") <= 1:
        raise ValueError("A share must lie between 0 and 1.")
    place = share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return float(values[below] + (values[above] - values[below]) * (place - below))
