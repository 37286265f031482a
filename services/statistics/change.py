"""Change between two forms: for a group, and reliable and clinical change for one person."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from services.statistics.checks import Vector, count, number, numbers, rounding, spread
from services.statistics.noncentral import effect_interval

Verdict: TypeAlias = Literal["recovered", "improved", "unchanged", "deteriorated"]

# 0.3 - 0.1 is not quite 0.2 for a computer; a score this close to a limit lies on it.
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Change of a group, positive = better; see `paired_change` for each figure."""

    n: int
    mean_change: float
    sd_change: float
    ci_low: float
    ci_high: float
    t: float | None
    p: float | None
    r: float | None
    d_z: float | None
    d_av: float | None
    d_pre: float | None
    g_av: float | None
    d_z_low: float | None
    d_z_high: float | None


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """Standard error of measurement, of a difference, and the points that exceed noise."""

    sem: float
    s_diff: float
    points: float


@dataclass(frozen=True, slots=True)
class ClinicalCutoffs:
    """The three cut-offs of Jacobson and Truax; c is preferred when both norms exist."""

    a: float
    b: float
    c: float


def paired_change(
    before: Iterable[float],
    after: Iterable[float],
    higher_is_better: bool = True,
    people: Iterable[int] | None = None,
) -> PairedChange:
    """Change of the same people between two forms, paired by position (D §3.1).

    Everything is in points of the measure and positive = better, whatever its direction.
    `ci_low` and `ci_high` are the 95% t interval of the mean change; `t` and the two-sided
    `p` are the paired t test; `r` is Pearson's correlation of before and after.
    d_z = mean / SD of change, d_av = mean / mean of the two SDs, d_pre = mean / SD before,
    g_av = d_av × (1 - 3 / (4(n - 1) - 1)), which is 0 for two people. `d_z_low` and `d_z_high`
    are the exact 95% interval of d_z (`services.statistics.noncentral`). Where many have the same
    pair of scores, `people` says how many each pair stands for.

    A figure that would divide by zero, or by next to it, is None: t, p and d_z when everyone
    changed by the same amount, r when either form is constant, d_pre when the first is, d_av and
    g_av when both are. Raises ValueError unless there are two complete pairs or more.
    """
    first = numbers(before, "Every score before")
    second = numbers(after, "Every score after")
    if len(first) != len(second):
        raise ValueError(
            "Before and after need one score each from the same people, "
            f"but there are {len(first)} before and {len(second)} after."
        )
    times = _times(people, len(first))
    n = int(times.sum())
    if n < 2:
        raise ValueError("Change needs at least two people with a score before and after.")
    gain = second - first if higher_is_better else first - second
    mean = math.fsum(times * gain) / n
    sd = spread(gain, rounding(first, second), times)
    low, high, t, p = _t_test(mean, sd, n)
    sd_before = spread(first, rounding(first), times)
    sd_after = spread(second, rounding(second), times)
    d_av = _ratio(mean, (sd_before + sd_after) / 2)
    d_z_low, d_z_high = (None, None) if t is None else effect_interval(t, n)
    return PairedChange(
        n=n,
        mean_change=mean,
        sd_change=sd,
        ci_low=low,
        ci_high=high,
        t=t,
        p=p,
        r=_correlation(first, second, times) if sd_before and sd_after else None,
        d_z=_ratio(mean, sd),
        d_av=d_av,
        d_pre=_ratio(mean, sd_before),
        g_av=None if d_av is None else d_av * (1 - 3 / (4 * (n - 1) - 1)),
        d_z_low=d_z_low,
        d_z_high=d_z_high,
    )


def _times(people: Iterable[int] | None, pairs: int) -> Vector:
    if people is None:
        return np.ones(pairs)
    times = [count(one, "How many people a pair stands for") for one in people]
    if len(times) != pairs:
        raise ValueError("Say of each pair how many people it stands for.")
    return np.array(times, dtype=np.float64)


def _ratio(mean: float, sd: float) -> float | None:
    ratio = mean / sd if sd else math.inf
    return ratio if math.isfinite(ratio) else None


def _t_test(mean: float, sd: float, n: int) -> tuple[float, float, float | None, float | None]:
    from scipy.special import stdtr, stdtrit

    error = sd / math.sqrt(n)
    margin = float(stdtrit(n - 1, 0.975)) * error
    if not error:
        return mean, mean, None, None
    t = mean / error
    return mean - margin, mean + margin, t, 2 * float(stdtr(n - 1, -abs(t)))


def _correlation(first: Vector, second: Vector, times: Vector) -> float:
    n = math.fsum(times)
    x = first - math.fsum(times * first) / n
    y = second - math.fsum(times * second) / n
    x, y = x / abs(x).max(), y / abs(y).max()
    squares = math.fsum(times * x * x) * math.fsum(times * y * y)
    r = math.fsum(times * x * y) / math.sqrt(squares)
    return min(1.0, max(-1.0, r))


def reliable_change(sd: float, reliability: float, criterion: float = 1.96) -> ReliableChange:
    """How many points of change are more than the measure's own noise.

    Jacobson and Truax (1991): sem = sd × √(1 - reliability), s_diff = √2 × sem,
    points = criterion × s_diff. The criterion is 1.96 for 95%, 1.645 for 90%.
    """
    sd = _deviation(sd)
    reliability = number(reliability, "The reliability")
    criterion = number(criterion, "The criterion")
    if not 0 <= reliability <= 1:
        raise ValueError("The reliability must lie between 0 and 1.")
    if criterion <= 0:
        raise ValueError("The criterion must be more than 0; 1.96 stands for 95%.")
    sem = sd * math.sqrt(1 - reliability)
    s_diff = math.sqrt(2) * sem
    return ReliableChange(sem=sem, s_diff=s_diff, points=criterion * s_diff)


def clinical_cutoffs(
    clinical_mean: float, clinical_sd: float, functional_mean: float, functional_sd: float
) -> ClinicalCutoffs:
    """Cut-offs between a clinical and a functional population (Jacobson and Truax 1991).

    a lies two clinical SDs from the clinical mean, b two functional SDs from the functional
    mean, c where both are equally likely. The direction of the measure is read from the means.
    """
    clinical_mean = number(clinical_mean, "The clinical mean")
    functional_mean = number(functional_mean, "The functional mean")
    clinical_sd, functional_sd = _deviation(clinical_sd), _deviation(functional_sd)
    if clinical_mean == functional_mean:
        raise ValueError("The clinical and the functional mean must differ.")
    if clinical_sd + functional_sd == 0:
        raise ValueError("At least one of the standard deviations must be more than 0.")
    direction = 1 if functional_mean > clinical_mean else -1
    # The same as (SD0 × M1 + SD1 × M0) / (SD0 + SD1), without its loss of digits.
    share = clinical_sd / (clinical_sd + functional_sd)
    return ClinicalCutoffs(
        a=clinical_mean + direction * 2 * clinical_sd,
        b=functional_mean - direction * 2 * functional_sd,
        c=clinical_mean + share * (functional_mean - clinical_mean),
    )


def _deviation(value: float) -> float:
    sd = number(value, "The standard deviation")
    if sd < 0:
        raise ValueError("The standard deviation cannot be negative.")
    return sd


def classify_change(
    before: float,
    after: float,
    points: float,
    cutoff: float | None = None,
    higher_is_better: bool = True,
    inclusive: bool = False,
) -> Verdict:
    """What one person's change amounts to (D §3.2).

    Reliable is a change of more than `points` (Jacobson and Truax), or of `points` and more
    when `inclusive` (the published whole-number rules, such as 6 for PHQ-9).

    "recovered" is reliable improvement from the clinical side of the cut-off to the other.
    A score equal to the cut-off is on the clinical side in both directions, as the cut-offs
    are published: 10 and above for PHQ-9, 18 and below for SWEMWBS. So she who starts
    beyond it can improve but not recover. Without a cut-off nobody is called recovered.

    Scores within a billionth of a limit count as equal to it: rounding decides no verdict.
    """
    before, after = number(before, "The score before"), number(after, "The score after")
    points = number(points, "The points of reliable change")
    if points < 0:
        raise ValueError("The points of reliable change cannot be negative.")
    cutoff = None if cutoff is None else number(cutoff, "The cut-off")
    gain = after - before if higher_is_better else before - after
    noise = SAME * max(abs(before), abs(after), points)
    if not _reliable(abs(gain), points, noise, inclusive):
        return "unchanged"
    if gain < 0:
        return "deteriorated"
    if cutoff is None:
        return "improved"
    started, ended = (is_clinical(s, cutoff, higher_is_better) for s in (before, after))
    return "recovered" if started and not ended else "improved"


def _reliable(size: float, points: float, noise: float, inclusive: bool) -> bool:
    # No change at all is never reliable, not even where no points are asked for.
    return size > noise and size > (points - noise if inclusive else points + noise)


def is_clinical(score: float, cutoff: float, higher_is_better: bool) -> bool:
    """Whether a score is on the clinical side of a cut-off; the cut-off itself is."""
    beyond = score - cutoff if higher_is_better else cutoff - score
    return beyond <= SAME * max(abs(score), abs(cutoff))
