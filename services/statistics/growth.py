"""Growth over the weeks: how the repeated scores of the same people move."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.statistics.checks import Vector, numbers, rounding
from services.statistics.growth_fit import PARALLEL, GrowthModel, Sample, fitted, refuse_too_few
from services.statistics.mixed_model import MixedModel

COLUMNS = ("person", "week", "score")
_NO_WIDTH = 1e-20  # beside 1: that is one person's weeks all the same
_SHORTEST, _LONGEST = 1e-3, 1e6  # of the standard deviation of weeks: minutes, and millennia


@dataclass(frozen=True, slots=True)
class _Scores:
    """The frame's columns as arrays, with people numbered from 0."""

    person: npt.NDArray[np.intp]
    week: Vector
    score: Vector

    @property
    def people(self) -> int:
        return int(self.person.max()) + 1

    def scatter(self, *, own_slopes: bool) -> Vector:
        """What a line for each person leaves of her scores, all lines parallel or not."""
        visits = np.bincount(self.person)
        week = self.week - (np.bincount(self.person, self.week) / visits)[self.person]
        score = self.score - (np.bincount(self.person, self.score) / visits)[self.person]
        week = week / (float(np.abs(week).max()) or 1.0)
        up, along = np.bincount(self.person, week * score), np.bincount(self.person, week**2)
        if not own_slopes:
            up, along = np.full_like(up, up.sum()), np.full_like(along, along.sum())
        slope = np.divide(up, along, out=np.zeros_like(up), where=along > _NO_WIDTH)
        left: Vector = score - slope[self.person] * week
        return left

    def has_scatter(self, *, own_slopes: bool) -> bool:
        """Whether those lines leave more than rounding, and more than a search can work on."""
        left = float(np.abs(self.scatter(own_slopes=own_slopes)).max())
        return left > max(100 * rounding(self.score), 1e-5 * float(self.score.std()))


def growth_model(frame: pd.DataFrame, random_slope: bool | None = None) -> GrowthModel:
    """Fit score = intercept + slope × week with random effects for each person, by REML.

    `frame` has the columns person, week and score and one row a score. Each person has an
    intercept of her own, and from 20 people and 3 different weeks upwards a slope of her own
    (D §3.3); `random_slope` decides otherwise. A random slope that cannot be had (too few
    scores, no convergence, a singular covariance) is left out, and `method` says so and why.
    `slope_variance` and `covariance` are None when no random slope was fitted.
    `log_likelihood` is the restricted one, comparable with those of lme4, nlme, statsmodels.

    Nothing is dropped: a missing value is a ValueError. So are fewer than two people, nobody
    with scores in two weeks, no scatter about parallel lines, and no convergence: none of
    these leaves a standard error one could sign. When people differ no more than chance
    would have it, the estimate of the intercept variance is exactly 0, every figure equals
    ordinary least squares, and `method` says that too.
    """
    return fitted(_sample(_read(frame)), random_slope)


def _read(frame: pd.DataFrame) -> _Scores:
    columns = list(getattr(frame, "columns", ()))
    if any(columns.count(column) != 1 for column in COLUMNS):
        raise ValueError("The table needs one column each called person, week and score.")
    if frame["person"].isna().any():
        raise ValueError("Every score must belong to a person.")
    try:
        person, people = pd.factorize(frame["person"])
    except TypeError:
        raise ValueError("A person must be named by a number or by letters.") from None
    week, score = numbers(frame["week"], "Every week"), numbers(frame["score"], "Every score")
    widest = pd.Series(week).groupby(person).nunique().max()
    refuse_too_few(len(people), len(score), 0 if not len(people) else widest)
    if not _SHORTEST <= float(week.std()) <= _LONGEST:
        raise ValueError("Weeks must be counted in weeks: these lie too close together or too far.")
    scores = _Scores(person, week, score)
    if not scores.has_scatter(own_slopes=False):
        raise ValueError(PARALLEL)
    return scores


def _sample(scores: _Scores) -> Sample:
    """Weeks in SDs and scores in residual SDs, both about their means, to search on."""
    mean, centre, width = scores.score.mean(), scores.week.mean(), scores.week.std()
    points = scores.scatter(own_slopes=False).std()
    return Sample(
        model=MixedModel.of(
            score=(scores.score - mean) / points,
            time=(scores.week - centre) / width,
            person=scores.person,
        ),
        mean=float(mean),
        points=float(points),
        centre=float(centre),
        width=float(width),
        people=scores.people,
        scores=len(scores.score),
        weeks=len(np.unique(scores.week)),
        has_own_scatter=scores.has_scatter(own_slopes=True),
    )
