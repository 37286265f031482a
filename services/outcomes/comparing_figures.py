"""What a comparison of units comes to: limits, shrunk shares, and the words for each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from services.statistics import INNER, OUTER, funnel, funnel_limits, shrink
from services.statistics.funnel import Place
from services.tallies.shares import SHOWN_INSIDE_FROM, Share, share

_POINTS = 40
WORDS: dict[Place, str] = {
    "within": "Within what chance would give",
    "edge above": "At the upper edge of what chance would give",
    "edge below": "At the lower edge of what chance would give",
    "above": "Higher than chance would give: ask why",
    "below": "Lower than chance would give: ask why",
}
COLUMNS = [
    "unit", "order", "people", "count", "of", "size", "share", "low", "high", "shrunk",
    "shrunk_low", "shrunk_high", "place", "says", "label", "shrunk_label", "written",
]  # fmt: skip
CURVES = ["size", "limit", "line", "low", "high", "centre"]
_UNITS = ["size", "share", "place", "unit", "written", "label", "says"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One group, programme, venue or time: `count` of `of`, over so many different people."""

    name: str
    count: int
    of: int
    people: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units by name, never by rank, with the limits around the share of all together.

    units: as `COLUMNS`; curves: as `CURVES`, limits by size.
    `left_out` have fewer than five people: they count in the whole and are not shown by
    themselves. `effect` is what counts were divided by, since the same people are counted many
    times. `groups` were looked at; `is_capped` when there were more. `scatter` is 0 where units
    differ no more than chance gives.
    """

    whole: Share
    units: pd.DataFrame
    curves: pd.DataFrame
    left_out: int
    effect: float
    groups: int
    is_capped: bool
    scatter: float
    about: str = ""  # which measure, where it is improvement

    @property
    def layers(self) -> pd.DataFrame:
        """Limits and units as the rows of one frame, as the funnel takes them."""
        return pd.concat([self.curves, self.units[_UNITS]], ignore_index=True)

    @property
    def asks(self) -> pd.DataFrame:
        """Those outside what chance would give."""
        return self.units[self.units["place"].isin(("above", "below"))]

    @property
    def by_chance(self) -> float:
        """How many would lie outside the inner limits if all were alike."""
        return len(self.units) * (1 - INNER)


def compared(
    units: Sequence[Unit],
    *,
    groups: int = 0,
    most: int = 0,
    effect: float = 1.0,
    about: str = "",
    counted: str = "people",
) -> Comparison:
    """The units side by side; a frame without rows where fewer than two can be shown.

    Where just one would be left out, the next smallest is too: it could be worked out from the
    others. `counted` is what `people` of each unit are, where they are no people.
    """
    shown, left_out = _large_enough(sorted(units, key=lambda one: one.name.casefold()))
    whole = share(sum(one.count for one in units), sum(one.of for one in units))
    found = pd.DataFrame(columns=COLUMNS)
    curves, scatter = pd.DataFrame(columns=CURVES), 0.0
    if len(shown) > 1:
        found, scatter = _frame(shown, units, effect, counted)
        curves = _curves(found, whole.count / whole.of)
    return Comparison(
        Share(whole.count, whole.of, whole.share, None, None) if effect > 1 else whole,
        found, curves, left_out, effect, groups, bool(most) and groups >= most, scatter, about,
    )  # fmt: skip


def _large_enough(units: Sequence[Unit]) -> tuple[list[Unit], int]:
    small = [one for one in units if one.people < SHOWN_INSIDE_FROM]
    rest = [one for one in units if one.people >= SHOWN_INSIDE_FROM]
    if len(small) == 1 and len(rest) > 1:
        next_smallest = min(rest, key=lambda one: one.people)
        rest.remove(next_smallest)
        small.append(next_smallest)
    return rest, len(small)


def _frame(
    shown: Sequence[Unit], units: Sequence[Unit], effect: float, counted: str
) -> tuple[pd.DataFrame, float]:
    """Judged against all units, those too small to be shown among them."""
    all_of_them = [*shown, *(one for one in units if one not in shown)]
    counts = [one.count / effect for one in all_of_them]
    sizes = [one.of / effect for one in all_of_them]
    places, drawn = funnel(counts, sizes).places, shrink(counts, sizes)
    rows = []
    by_unit = zip(shown, sizes, places, drawn.units, strict=False)
    for order, (one, size, place, shrunk) in enumerate(by_unit):
        own = share(one.count, one.of) if effect == 1 else _own(one, effect)
        rows.append(
            (
                one.name, order, one.people, one.count, one.of, size, own.share, own.low, own.high,
                shrunk.share, shrunk.low, shrunk.high, place, WORDS[place],
                f"{own.words}, {one.people:,} {counted}",
                f"{shrunk.share:.0%} ({shrunk.low:.0%} to {shrunk.high:.0%})",
                f"{one.name}, n {one.people:,}",
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS), drawn.scatter


def _own(one: Unit, effect: float) -> Share:
    """The unit's share, with an interval as wide as its people make it."""
    of = max(1, round(one.of / effect))
    sure = share(min(of, round(one.count / effect)), of)
    return Share(one.count, one.of, one.count / one.of, sure.low, sure.high)


def _curves(units: pd.DataFrame, centre: float) -> pd.DataFrame:
    smallest, largest = float(units["size"].min()), float(units["size"].max())
    first, last = max(1.0, smallest * 0.8), largest * 1.2 + 1
    ratio = (last / first) ** (1 / (_POINTS - 1))
    rows = []
    for step in range(_POINTS):
        size = first * ratio**step
        for within, name in ((INNER, "95%"), (OUTER, "99.8%")):
            limits = funnel_limits(centre, size, within)
            rows.append((size, name, name if step == _POINTS - 1 else "", limits.low, limits.high,
                         centre))  # fmt: skip
    return pd.DataFrame(rows, columns=CURVES)
