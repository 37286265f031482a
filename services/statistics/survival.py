"""How long people stay: the share still there after a time, with whoever is there still counted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.statistics.checks import count, each, number, share_between

_HALF = 0.5 + 1e-12  # shares are products: a half may come out a hair above it


@dataclass(frozen=True, slots=True)
class SurvivalStep:
    """What holds from one time on at which somebody left, until the next.

    `at_risk` were there just before it and `left` of them left at it; `share` is still there, with
    its standard error and both ends of its interval, which are None once nobody is left.
    """

    time: float
    at_risk: int
    left: int
    share: float
    se: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Of `n` people of whom `left` were seen to leave; `median` is None while more than half stay.

    Before the first of the `steps` everybody is there.
    """

    n: int
    left: int
    steps: tuple[SurvivalStep, ...]
    median: float | None

    def at(self, time: float) -> SurvivalStep | None:
        """The step that holds at a time; None before the first."""
        return next((step for step in reversed(self.steps) if step.time <= time), None)


def kaplan_meier(
    durations: Sequence[float],
    observed: Sequence[bool],
    confidence: float = 0.95,
    people: Sequence[int] | None = None,
) -> SurvivalCurve:
    """The product-limit estimate (Kaplan and Meier 1958) of the share still there.

    `durations` say how long each person has been followed, `observed` whether she left then; if
    not, she was there still, and counts as there up to that time and not beyond. Whoever was last
    seen at the very time at which somebody left counts as there at it. Where many were followed
    alike, `people` says how many each entry stands for.

    The variance is Greenwood's (1926). Intervals are made on the scale of log(-log share)
    (Kalbfleisch and Prentice 1980), so that none reaches below 0 or above 1, and they hold at each
    time by itself, not for the curve as a whole.
    """
    from scipy.special import ndtri

    times, observed = _checked(durations, observed)
    weights = _weights(len(times), people)
    confidence = share_between(confidence, "The confidence")
    z = -float(ndtri((1 - confidence) / 2))
    steps: list[SurvivalStep] = []
    share, spread = 1.0, 0.0
    for time in sorted({time for time, left in zip(times, observed, strict=True) if left}):
        at_risk = still_there(times, time, weights)
        left = sum(
            weight
            for one, gone, weight in zip(times, observed, weights, strict=True)
            if gone and one == time
        )
        if not left:
            continue
        share *= (at_risk - left) / at_risk
        spread += left / (at_risk * (at_risk - left)) if left < at_risk else math.inf
        steps.append(SurvivalStep(time, at_risk, left, share, *_interval(share, spread, z)))
    median = next((step.time for step in steps if step.share <= _HALF), None)
    gone = sum(weight for weight, left in zip(weights, observed, strict=True) if left)
    return SurvivalCurve(sum(weights), gone, tuple(steps), median)


def still_there(
    durations: Sequence[float], time: float, people: Sequence[int] | None = None
) -> int:
    """How many have been followed up to a time: the number at risk beneath a curve."""
    if people is None:
        return sum(one >= time for one in durations)
    return sum(weight for one, weight in zip(durations, people, strict=True) if one >= time)


def _interval(
    share: float, spread: float, z: float
) -> tuple[float | None, float | None, float | None]:
    """Standard error and both ends; `spread` is Greenwood's sum."""
    if share == 0:
        return None, None, None
    root = math.sqrt(spread)
    reach = z * root / -math.log(share)
    return share * root, share ** math.exp(reach), share ** math.exp(-reach)


def _weights(entries: int, people: Sequence[int] | None) -> list[int]:
    if people is None:
        return [1] * entries
    what = "How many people an entry stands for"
    weights = [count(one, what) for one in each(people, what)]
    if len(weights) != entries:
        raise ValueError("Say of each entry how many people it stands for.")
    if not sum(weights):
        raise ValueError("A curve needs at least one person.")
    return weights


def _checked(
    durations: Sequence[float], observed: Sequence[bool]
) -> tuple[list[float], list[bool]]:
    what = "How long somebody was followed"
    times = [number(one, what) for one in each(durations, what)]
    gone = [_yes_or_no(one) for one in each(observed, "Whether somebody left")]
    if len(times) != len(gone):
        raise ValueError("Say of each person how long she was followed and whether she left.")
    if not times:
        raise ValueError("A curve needs at least one person.")
    if min(times) < 0:
        raise ValueError("How long somebody was followed must be 0 or more.")
    return times, gone


def _yes_or_no(value: Any) -> bool:
    """True and False, of numpy as well, and 1 and 0."""
    try:
        is_either = bool(value in (True, False))
    except (TypeError, ValueError):
        is_either = False
    if not is_either:
        raise ValueError("Say of each person whether she left: yes or no.")
    return bool(value)
