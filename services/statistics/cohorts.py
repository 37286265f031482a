"""Intervals of the growth model that allow for cohorts: people of one run move together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from services.statistics.growth_fit import GrowthModel
from services.statistics.growth_sums import PathSums

FEWEST_COHORTS = 5
_Matrix: TypeAlias = npt.NDArray[np.float64]
_Weigh: TypeAlias = Callable[[tuple[float, ...]], tuple[_Matrix, _Matrix]]


def allow_for_cohorts(
    model: GrowthModel, cohorts: Iterable[Sequence[PathSums]]
) -> GrowthModel | None:
    """The same line with intervals from leaving out one cohort at a time (D §3.3).

    The jackknife over clusters (Bell and McCaffrey 2002, CR3) with the t of one less than there
    are cohorts; people are still weighted by the variances the model found. No interval becomes
    narrower than it was. None where there are fewer than five cohorts, or one alone holds what
    the line rests on.
    """
    from scipy.special import stdtrit

    weigh = cache(partial(_weighing, model))
    parts = [_normal_equations(weigh, paths) for paths in cohorts]
    if len(parts) < FEWEST_COHORTS:
        return None
    whole: _Matrix = np.sum([left for left, _ in parts], axis=0)
    right: _Matrix = np.sum([own for _, own in parts], axis=0)
    line = np.linalg.solve(whole, right)
    away = []
    for left, own in parts:
        rest = whole - left
        if np.linalg.cond(rest) > 1e12:
            return None
        away.append(np.linalg.solve(rest, right - own) - line)
    number = len(parts)
    spread: _Matrix = (number - 1) / number * np.sum([np.outer(a, a) for a in away], axis=0)
    own_spread = np.array(
        [[model.intercept_se**2, model.estimates_covariance],
         [model.estimates_covariance, model.slope_se**2]]
    )  # fmt: skip
    if spread[1, 1] < own_spread[1, 1]:
        spread = own_spread
    return replace(
        model,
        intercept_se=float(np.sqrt(spread[0, 0])),
        slope_se=float(np.sqrt(spread[1, 1])),
        estimates_covariance=float(spread[0, 1]),
        quantile=float(stdtrit(number - 1, 0.975)),
        method=f"{model.method}; intervals allow for {number} cohorts (leaving out one at a time)",
    )


def _normal_equations(weigh: _Weigh, paths: Iterable[PathSums]) -> tuple[_Matrix, _Matrix]:
    """What one cohort adds to both sides of the equations the line solves."""
    left, right = np.zeros((2, 2)), np.zeros(2)
    for path in paths:
        each, weight = weigh(path.weeks)
        left += path.people * each
        right += weight @ np.array([path.score, path.moment])
    return left, right


def _weighing(model: GrowthModel, weeks: tuple[float, ...]) -> tuple[_Matrix, _Matrix]:
    """What each person with forms in these weeks adds on the left, and her scores' weight.

    A person's variance is her own line's and the scatter about it, so her scores count by their
    sum and their moment alone (Woodbury's identity).
    """
    own = np.array(
        [[model.intercept_variance, model.covariance or 0.0],
         [model.covariance or 0.0, model.slope_variance or 0.0]]
    )  # fmt: skip
    at = np.asarray(weeks)
    design = np.array([[len(at), at.sum()], [at.sum(), (at**2).sum()]])
    weight = np.linalg.inv(np.eye(2) + design @ own / model.residual_variance)
    return weight @ design / model.residual_variance, weight / model.residual_variance
