"""Whether a share that is counted again and again is steady: limits for each time it is counted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from services.statistics.checks import count, each

Signal: TypeAlias = Literal["above", "below", "run above", "run below"]

SIGMAS = 3
RUN = 8
FEW_POINTS = 12
_D2 = 1.128379167  # the mean range of two draws, in standard deviations: 2 / √π
_CLEARLY_WIDER = 1.645  # of 20 charts without any extra scatter, 19 are not widened
_RANGE_VARIANCE = 0.8264  # of the mean moving range / d2, times the number of points
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """The centre, and one entry a point: limits and what stands out (None: nothing does).

    Limits are None where nobody was counted. `widened` says by how much the limits were stretched
    because the points scatter more than chance alone would have it, and is 1 where they were not.
    `provisional`: fewer than twelve points, whose limits still move with every point more.
    """

    centre: float
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    signals: tuple[Signal | None, ...]
    widened: float
    provisional: bool


def control_limits(counts: Sequence[int], sizes: Sequence[int]) -> ControlLimits:
    """Three-sigma limits for shares in the order of time: `counts` out of `sizes`, point by point.

    A p-chart (Shewhart): the centre is all counts over all sizes, and each point has limits
    centre ± 3 × √(centre × (1 - centre) / size), held between 0 and 1. Where neighbouring points
    lie further apart than shares of such sizes do by chance, the limits are stretched by Laney's
    (2002, Quality Engineering 14(4): 531-537) sigma z, the mean moving range of the standardised
    points / 1.128; otherwise every second point of a large programme would seem to stand out. That
    asks for a sigma z beyond what 19 of 20 charts of mere chance reach, by the variance of a mean
    moving range (Cryer and Ryan 1990, Journal of Quality Technology 22(3): 187-192).

    A point outside its limits is "above" or "below"; the eighth and every later one in a row on
    the same side of the centre is "run above" or "run below" (Western Electric 1956). A point on
    the centre ends a run. One of size 0 has no share: it is passed over and ends nothing.
    """
    made, of = _checked(counts, sizes)
    centre = sum(made) / sum(of)
    sigmas = [math.sqrt(centre * (1 - centre) / n) if n else None for n in of]
    beyond = [
        0.0 if not sigma else (one / n - centre) / sigma
        for one, n, sigma in zip(made, of, sigmas, strict=True)
        if n
    ]
    widened = _widened(beyond)
    return ControlLimits(
        centre=centre,
        low=tuple(None if s is None else max(0.0, centre - SIGMAS * widened * s) for s in sigmas),
        high=tuple(None if s is None else min(1.0, centre + SIGMAS * widened * s) for s in sigmas),
        signals=_signals(beyond, widened, of),
        widened=widened,
        provisional=len(beyond) < FEW_POINTS,
    )


def _widened(beyond: Sequence[float]) -> float:
    """Laney's sigma z where it is clearly more than 1, else 1."""
    ranges = [abs(after - before) for before, after in pairwise(beyond)]
    if not ranges:
        return 1.0
    sigma_z = math.fsum(ranges) / len(ranges) / _D2
    by_chance = 1 + _CLEARLY_WIDER * math.sqrt(_RANGE_VARIANCE / len(ranges))
    return sigma_z if sigma_z > by_chance else 1.0


def _signals(
    beyond: Sequence[float], widened: float, sizes: Sequence[int]
) -> tuple[Signal | None, ...]:
    """What stands out, one entry a point; `beyond` has none for points of size 0."""
    found: list[Signal | None] = []
    points, run = iter(beyond), 0
    for n in sizes:
        if not n:
            found.append(None)
            continue
        z = next(points)
        side = 0 if abs(z) <= _ROUNDING else int(math.copysign(1, z))
        run = run + side if run * side > 0 else side
        found.append(_signal(z / widened, run))
    return tuple(found)


def _signal(z: float, run: int) -> Signal | None:
    if abs(z) > SIGMAS + _ROUNDING:
        return "above" if z > 0 else "below"
    if abs(run) >= RUN:
        return "run above" if run > 0 else "run below"
    return None


def _checked(counts: Sequence[int], sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    made = [count(one, "Every count") for one in each(counts, "Every count")]
    what = "Every number that a count is out of"
    of = [count(one, what) for one in each(sizes, what)]
    if len(made) != len(of):
        raise ValueError(
            "Limits need one count for each number it is out of, "
            f"but there are {len(made)} counts and {len(of)} numbers."
        )
    if not sum(of):
        raise ValueError("Limits need at least one time at which somebody was counted.")
    if any(one > n for one, n in zip(made, of, strict=True)):
        raise ValueError("A count cannot exceed the number it is out of.")
    return made, of
