"""How much less many counts of the same people say than as many counts of different people."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.statistics.checks import number


@dataclass(frozen=True, slots=True)
class Clusters:
    """One unit's people, each counted several times: sums over them of `count` out of `size`."""

    people: int
    counts: int
    sizes: int
    counts_squared: int
    products: int  # of each person's count and size
    sizes_squared: int

    @property
    def share(self) -> float:
        """Of all that were counted."""
        return self.counts / self.sizes

    @property
    def binomial(self) -> float:
        """The variance of the count, were each counted by itself."""
        return self.sizes * self.share * (1 - self.share)

    @property
    def between_people(self) -> float:
        """The variance of the count as the people scatter."""
        squares = (
            self.counts_squared
            - 2 * self.share * self.products
            + self.share * self.share * self.sizes_squared
        )
        return self.people / (self.people - 1) * max(0.0, squares)


def design_effect(units: Sequence[Clusters]) -> float:
    """By what counts have to be divided before they are treated as if each stood by itself.

    Who came last week comes this week more often than not, so ten marks of one person are not ten
    people. The variance of each unit's share as its people scatter over the variance of as many
    independent counts (Rao and Scott 1992, Biometrics 48(2): 577-585), one figure for all units,
    each with the weight of its independent variance. Never below 1: nobody is counted for more
    than she is. Units of one person, and those in which all are alike, say nothing and are left
    out; with none left it is 1.
    """
    for one in units:
        for value in (one.people, one.counts, one.sizes):
            number(value, "Each count")
        if not 0 <= one.counts <= one.sizes:
            raise ValueError("A count cannot exceed the number it is out of.")
    told = [one for one in units if one.people > 1 and one.sizes and one.binomial]
    if not told:
        return 1.0
    scatter = math.fsum(one.between_people for one in told)
    return max(1.0, scatter / math.fsum(one.binomial for one in told))
