"""Whether those with more of something changed more: a line through people, from kept sums."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from services.statistics.checks import count, number

_ROUNDING = 1e-12
_TOO_CLOSE = "The numbers lie too close together for changes so large, so no line can be drawn."


@dataclass(frozen=True, slots=True)
class AtDose:
    """All people with one dose: how many, their changes added up, and the changes' squares."""

    dose: float
    people: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The least-squares line of change on dose: its slope with the 95% t interval.

    `middle` is the mean dose, `level` the mean change there, `spread` the residual SD and
    `width` the sum of squares of the doses about their mean.
    """

    n: int
    slope: float
    low: float
    high: float
    middle: float
    level: float
    spread: float
    width: float
    t: float  # the quantile that the intervals use

    def at(self, dose: float) -> tuple[float, float, float]:
        """The mean change to be expected at a dose, and both ends of its 95% interval."""
        away = dose - self.middle
        mean = self.level + self.slope * away
        reach = self.t * self.spread * math.sqrt(1 / self.n + away**2 / self.width)
        return mean, mean - reach, mean + reach


def trend(groups: Iterable[AtDose]) -> Trend:
    """The line through everybody, from what those with the same dose add up to.

    The same as least squares through the people one by one. Raises ValueError for fewer than
    three people, where everybody had the same dose, and where doses lie too close together.
    """
    try:
        found = _line(groups)
    except OverflowError:
        raise ValueError(_TOO_CLOSE) from None
    if not all(map(math.isfinite, (found.slope, found.low, found.high))):
        raise ValueError(_TOO_CLOSE)
    return found


def _line(groups: Iterable[AtDose]) -> Trend:
    from scipy.special import stdtrit

    found = [group for group in map(_checked, groups) if group.people]
    n = sum(group.people for group in found)
    if n < 3:
        raise ValueError("A line needs the changes of at least three people.")
    middle = math.fsum(group.people * group.dose for group in found) / n
    level = math.fsum(group.total for group in found) / n
    width = math.fsum(group.people * (group.dose - middle) ** 2 for group in found)
    if not width:
        raise ValueError("Everybody had the same number, so more and less cannot be compared.")
    slope = math.fsum((group.dose - middle) * group.total for group in found) / width
    squares = math.fsum(group.squares for group in found)
    left = squares - n * level**2 - slope**2 * width
    # Changes exactly on a line leave what rounding leaves, whose root would look like scatter.
    spread = math.sqrt(left / (n - 2)) if left > _ROUNDING * squares else 0.0
    t = float(stdtrit(n - 2, 0.975))
    reach = t * spread / math.sqrt(width)
    return Trend(n, slope, slope - reach, slope + reach, middle, level, spread, width, t)


def _checked(group: AtDose) -> AtDose:
    people = count(group.people, "How many people")
    dose, total = number(group.dose, "Every dose"), number(group.total, "Every sum of changes")
    squares = number(group.squares, "Every sum of squares")
    if squares < 0:
        raise ValueError("A sum of squares cannot be negative.")
    return AtDose(dose, people, total, squares)
