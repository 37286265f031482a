"""Growth over the weeks: how the repeated scores of the same people move."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.statistics.checks import Vector, numbers, rounding
from services.statistics.mixed_model import Fit, MixedModel

COLUMNS = ("person", "week", "score")
FEWEST_WEEKS, FEWEST_PEOPLE = 3, 20

BOTH = "random intercept and slope, REML"
INTERCEPT = "random intercept, REML"
NO_DIFFERENCES = "; people differ no more than by chance, so this equals least squares"
TOO_FEW_SCORES = "; a random slope needs three scores or more from the same person"
NO_CONVERGENCE = "; a random slope was tried but did not converge"
SINGULAR = "; a random slope was tried but its covariance is singular"


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """What `growth_model` found; variances are absolute, in squared points of the measure."""

    intercept: float
    slope: float
    intercept_se: float
    slope_se: float
    residual_variance: float
    intercept_variance: float
    slope_variance: float | None
    covariance: float | None
    log_likelihood: float
    people: int
    scores: int
    method: str


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
        up, along = np.bincount(self.person, week * score), np.bincount(self.person, week**2)
        if not own_slopes:
            up, along = np.full_like(up, up.sum()), np.full_like(along, along.sum())
        slope = np.divide(up, along, out=np.zeros_like(up), where=along > 0)
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
    scores = _read(frame)
    if random_slope is None:
        weeks = len(np.unique(scores.week))
        random_slope = weeks >= FEWEST_WEEKS and scores.people >= FEWEST_PEOPLE
    if not random_slope:
        return _with_intercepts(scores)
    if not scores.has_scatter(own_slopes=True):
        return _with_intercepts(scores, TOO_FEW_SCORES)
    fit = _scaled(scores).with_slopes()
    if fit is None:
        return _with_intercepts(scores, NO_CONVERGENCE)
    if fit.singular:
        return _with_intercepts(scores, SINGULAR)
    return _in_points(scores, fit, BOTH)


def _read(frame: pd.DataFrame) -> _Scores:
    if any(list(frame.columns).count(column) != 1 for column in COLUMNS):
        raise ValueError("The table needs one column each called person, week and score.")
    if frame["person"].isna().any():
        raise ValueError("Every score must belong to a person.")
    person, people = pd.factorize(frame["person"])
    week, score = numbers(frame["week"], "Every week"), numbers(frame["score"], "Every score")
    if len(people) < 2:
        raise ValueError("A growth model needs the scores of at least two people.")
    if frame.groupby("person", observed=True)["week"].nunique().max() < 2:
        raise ValueError("A growth model needs people with scores in at least two weeks.")
    if len(score) < len(people) + 2:
        raise ValueError("A growth model needs more people with at least two scores.")
    scores = _Scores(person, week, score)
    if not scores.has_scatter(own_slopes=False):
        raise ValueError("The scores lie exactly on parallel lines, so no model can be fitted.")
    return scores


def _scaled(scores: _Scores) -> MixedModel:
    """Weeks in SDs and scores in residual SDs, both about their means, to search on."""
    return MixedModel.of(
        score=(scores.score - scores.score.mean()) / scores.scatter(own_slopes=False).std(),
        time=(scores.week - scores.week.mean()) / scores.week.std(),
        person=scores.person,
    )


def _with_intercepts(scores: _Scores, note: str = "") -> GrowthModel:
    fit = _scaled(scores).with_intercepts()
    if fit is None:
        raise ValueError("The growth model did not converge: show the paired change instead.")
    found = _in_points(scores, fit, INTERCEPT + note)
    if not found.intercept_variance:
        found = replace(found, method=INTERCEPT + NO_DIFFERENCES + note)
    return replace(found, slope_variance=None, covariance=None)


def _in_points(scores: _Scores, fit: Fit, method: str) -> GrowthModel:
    """The fit in points of the measure and weeks from 0, as it would be without scaling."""
    points = float(scores.scatter(own_slopes=False).std())
    centre, width = float(scores.week.mean()), float(scores.week.std())
    back = points * np.array([[1, -centre / width], [0, 1 / width]])
    intercept, slope = back @ fit.fixed
    intercept_se, slope_se = np.sqrt(np.diag(back @ fit.fixed_covariance @ back.T))
    random = back @ fit.random @ back.T
    # The density of each score shrinks as its unit grows, and the restricted likelihood
    # takes in the determinant of the design, which has changed with the width of a week.
    change_of_units = (len(scores.score) - 2) * math.log(points) + math.log(width)
    return GrowthModel(
        intercept=float(intercept + scores.score.mean()),
        slope=float(slope),
        intercept_se=float(intercept_se),
        slope_se=float(slope_se),
        residual_variance=points**2 * fit.residual,
        intercept_variance=float(random[0, 0]),
        slope_variance=float(random[1, 1]),
        covariance=float(random[0, 1]),
        log_likelihood=fit.log_likelihood - change_of_units,
        people=scores.people,
        scores=len(scores.score),
        method=method,
    )
