"""How scores changed from start to end, worked out from counts of pairs. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pandas as pd

from services.measures.measure_definition import Measure
from services.statistics import classify_change, paired_change
from services.tallies.shares import MEANS_FROM, numbered, share

MOST_BARS = 24
BETTER, SAME, WORSE = "better", "same", "worse"
# Domain §3.2: no verdict that sounds like failing; and none at all without a published rule.
VERDICTS = {BETTER: "Clear improvement", SAME: "About the same", WORSE: "Clear worsening"}
DIRECTIONS = {BETTER: "Better score", SAME: "Same score", WORSE: "Worse score"}
_FROM_STATISTICS = {"improved": BETTER, "unchanged": SAME, "deteriorated": WORSE}
ALL_EQUAL = (
    "Everybody changed by the same, so nothing says how far chance reaches: there is no interval."
)
_WIDTHS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0)


# Of two scores the same is said whoever has them: with many people nearly every pair there can be
# comes, and after a form is saved all of them but one are known already.
classified = lru_cache(maxsize=16_384)(classify_change)


# How many had this score at the start and that one at the end, scores times 100.
Pairs: TypeAlias = Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Moves:
    """How many people gained how many points (positive = better), and what that amounts to."""

    gain: float
    verdict: str
    people: int


@dataclass(frozen=True, slots=True)
class Change:
    """The same people's change in points, positive = better whatever the measure's direction.

    `ci_low` to `ci_high` is the 95% interval of the mean change; `g_av` is d_av with Hedges'
    correction (domain §3.1), None where everybody scored the same; d_z with its exact interval is
    None where everybody changed by the same.
    """

    n: int
    start_mean: float
    end_mean: float
    mean_change: float
    ci_low: float
    ci_high: float
    g_av: float | None
    d_z: float | None
    d_z_low: float | None
    d_z_high: float | None

    @property
    def words(self) -> str:
        """As people read it: "mean +2.4 points (1.1 to 3.7), n = 61"."""
        interval = f" ({self.interval})" if self.interval else ""
        return f"mean {self.mean_change:+z.1f} points{interval}, n = {self.n:,}"

    @property
    def interval(self) -> str:
        """Both ends of the 95% interval; empty where everybody changed by the same."""
        return "" if self.d_z is None else f"{self.ci_low:+z.1f} to {self.ci_high:+z.1f}"

    @property
    def effect_words(self) -> str:
        """The effect sizes by name, each saying what it is divided by."""
        if self.g_av is None:
            return f"{ALL_EQUAL} Nor is there an effect size: everybody scored the same."
        sentence = (
            f"Effect size d_av with Hedges’ correction {self.g_av:+z.2f}: the mean change over the "
            f"mean of the spread at the start and at the end, n = {self.n:,}."
        )
        if self.d_z is None:
            return f"{sentence} {ALL_EQUAL}"
        return (
            f"{sentence} d_z, over the spread of the changes: {self.d_z:+z.2f} "
            f"(exact 95% interval {self.d_z_low:+z.2f} to {self.d_z_high:+z.2f})."
        )


def change(pairs: Pairs, form: Measure) -> Change | None:
    """Mean change from counted pairs; None below ten, where no mean is shown (domain §3.1)."""
    if sum(people for _, _, people in pairs) < MEANS_FROM:
        return None
    return _change(tuple(pairs), form.direction != "down")


@lru_cache(maxsize=64)
def _change(counted: tuple[tuple[int, int, int], ...], higher_is_better: bool) -> Change:
    """Remembered, since the same counts come back with every click until a form is saved."""
    first, second, people = np.array(counted).T
    before, after = first / 100, second / 100
    found = paired_change(before, after, higher_is_better, people)
    return Change(
        n=found.n,
        start_mean=float(before @ people / found.n),
        end_mean=float(after @ people / found.n),
        mean_change=found.mean_change,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        g_av=found.g_av,
        d_z=found.d_z,
        d_z_low=found.d_z_low,
        d_z_high=found.d_z_high,
    )


def has_rule(form: Measure) -> bool:
    """Whether the measure can tell a clear change from its own noise.

    Rules that hold only from a number of answered items on (goals) are left out: the counts
    do not say how many were answered (domain §3.2: no verdict on a single goal).
    """
    return form.reliable_change is not None and form.reliable_change.at_least is None


def rule_in_words(form: Measure) -> str:
    """By which rule people are counted as better, the same or worse."""
    rule = form.reliable_change
    if rule is None or not has_rule(form):
        return (
            "There is no sound published rule for telling a clear change on this measure, so "
            "this only counts whether a score moved at all, which can be chance."
        )
    points = f"{rule.points:g} points or more" if rule.inclusive else f"over {rule.points:g} points"
    source = rule.named_source
    return f"Clear means a change of {points}, more than the measure’s own noise ({source})."


def movements(pairs: Pairs, form: Measure) -> list[Moves]:
    """What each counted pair amounts to."""
    sign = -1 if form.direction == "down" else 1
    return [
        Moves(sign * (end - start) / 100, verdict(start / 100, end / 100, form), people)
        for start, end, people in pairs
    ]


def verdicts(moved: Sequence[Moves], form: Measure) -> pd.DataFrame:
    """How many got better, stayed about the same, got worse; empty when there is nobody.

    Columns: verdict, people, of, share, low, high (95% Wilson), label; in that order of rows.
    """
    counted: Counter[str] = Counter()
    for move in moved:
        counted[move.verdict] += move.people
    rows = []
    for way, words in names(form).items() if moved else ():
        part = share(counted[way], counted.total())
        rows.append((words, part.count, part.of, part.share, part.low, part.high, part.words))
    columns = ["verdict", "people", "of", "share", "low", "high", "label"]
    return pd.DataFrame(rows, columns=columns)


def spread(moved: Sequence[Moves], form: Measure, mean: Change | None) -> pd.DataFrame:
    """How many people changed by how much, in bars of equal width around no change.

    Columns: gain_from, gain_to (points, positive = better), people, verdict, label; and the
    same in every row, empty without a `mean`: mean, ci_low, ci_high, mean_label.
    """
    widest = max((abs(move.gain) for move in moved), default=0)
    width = next((w for w in _WIDTHS if 2 * widest / w <= MOST_BARS), _WIDTHS[-1])
    bars: Counter[tuple[int, str]] = Counter()
    for move in moved:
        # Half a step from 0 upwards, so that a change of 0 stands in the middle of its bar.
        bars[math.floor(move.gain / width + 0.5), move.verdict] += move.people
    on_top = (mean.mean_change, mean.ci_low, mean.ci_high, mean.words) if mean else (None,) * 4
    words = names(form)
    rows = [
        (
            (bar - 0.5) * width,
            (bar + 0.5) * width,
            people,
            words[way],
            numbered(people),
            *on_top,
        )
        for (bar, way), people in sorted(bars.items())
    ]
    columns = [
        "gain_from", "gain_to", "people", "verdict", "label",
        "mean", "ci_low", "ci_high", "mean_label",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def mean_of(scores: Mapping[int, int]) -> float | None:
    """The mean of people counted by score times 100; None below ten people."""
    people = sum(scores.values())
    if people < MEANS_FROM:
        return None
    return sum(score * count for score, count in scores.items()) / people / 100


def names(form: Measure) -> dict[str, str]:
    """What people read for each way a score can have gone."""
    return VERDICTS if has_rule(form) else DIRECTIONS


def verdict(before: float, after: float, form: Measure) -> str:
    """Better, the same or worse: by the measure's rule, or without one by the score alone."""
    rule = form.reliable_change
    higher = form.direction != "down"
    if rule is None or not has_rule(form):
        gain = after - before if higher else before - after
        return SAME if gain == 0 else BETTER if gain > 0 else WORSE
    return _FROM_STATISTICS[classified(before, after, rule.points, None, higher, rule.inclusive)]
