"""The growth model that a sample is fitted with, whatever its scores were read from."""

import math
from dataclasses import dataclass, replace

import numpy as np

from services.statistics.mixed_model import Fit, MixedModel

FEWEST_WEEKS, FEWEST_PEOPLE = 3, 20

BOTH = "random intercept and slope, REML"
INTERCEPT = "random intercept, REML"
NO_DIFFERENCES = "; people differ no more than by chance, so this equals least squares"
TOO_FEW_SCORES = "; a random slope needs three scores or more from the same person"
NO_CONVERGENCE = "; a random slope was tried but did not converge"
PARALLEL = "The scores lie exactly on parallel lines, so no model can be fitted."
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
    estimates_covariance: float  # of the estimated intercept and slope
    quantile: float  # that the intervals use: of t with one less than there are people

    def at(self, week: float) -> tuple[float, float, float]:
        """The mean score to be expected in a week, and both ends of its 95% interval."""
        mean = self.intercept + self.slope * week
        spread = self.intercept_se**2 + week * (
            2 * self.estimates_covariance + week * self.slope_se**2
        )
        reach = self.quantile * math.sqrt(max(spread, 0.0))
        return mean, mean - reach, mean + reach


@dataclass(frozen=True, slots=True)
class Sample:
    """What a fit needs: the model, scaled to search on, and the way back from its scale."""

    model: MixedModel
    mean: float
    points: float
    centre: float
    width: float
    people: int
    scores: int
    weeks: int
    has_own_scatter: bool  # about a line of each person's own

    def as_model(self, fit: Fit, method: str) -> GrowthModel:
        """The fit in points of the measure and weeks from 0, as it would be without scaling."""
        from scipy.special import stdtrit

        back = self.points * np.array([[1, -self.centre / self.width], [0, 1 / self.width]])
        intercept, slope = back @ fit.fixed
        estimates = back @ fit.fixed_covariance @ back.T
        intercept_se, slope_se = np.sqrt(np.diag(estimates))
        random = back @ fit.random @ back.T
        # The density of each score shrinks as its unit grows, and the restricted likelihood
        # takes in the determinant of the design, which has changed with the width of a week.
        change_of_units = (self.scores - 2) * math.log(self.points) + math.log(self.width)
        return GrowthModel(
            intercept=float(intercept + self.mean),
            slope=float(slope),
            intercept_se=float(intercept_se),
            slope_se=float(slope_se),
            residual_variance=self.points**2 * fit.residual,
            intercept_variance=float(random[0, 0]),
            slope_variance=float(random[1, 1]),
            covariance=float(random[0, 1]),
            log_likelihood=fit.log_likelihood - change_of_units,
            people=self.people,
            scores=self.scores,
            method=method,
            estimates_covariance=float(estimates[0, 1]),
            quantile=float(stdtrit(self.people - 1, 0.975)),
        )


def fitted(sample: Sample, random_slope: bool | None) -> GrowthModel:
    if random_slope is None:
        random_slope = sample.weeks >= FEWEST_WEEKS and sample.people >= FEWEST_PEOPLE
    if not random_slope:
        return _with_intercepts(sample)
    if not sample.has_own_scatter:
        return _with_intercepts(sample, TOO_FEW_SCORES)
    fit = sample.model.with_slopes()
    if fit is None:
        return _with_intercepts(sample, NO_CONVERGENCE)
    if fit.singular:
        return _with_intercepts(sample, SINGULAR)
    return sample.as_model(fit, BOTH)


def _with_intercepts(sample: Sample, note: str = "") -> GrowthModel:
    fit = sample.model.with_intercepts()
    if fit is None:
        raise ValueError("The growth model did not converge: show the paired change instead.")
    found = sample.as_model(fit, INTERCEPT + note)
    if not found.intercept_variance:
        found = replace(found, method=INTERCEPT + NO_DIFFERENCES + note)
    return replace(found, slope_variance=None, covariance=None)


def refuse_too_few(people: int, scores: int, most_weeks: int) -> None:
    """`most_weeks` is the largest number of different weeks that anybody has scores in."""
    if people < 2:
        raise ValueError("A growth model needs the scores of at least two people.")
    if most_weeks < 2:
        raise ValueError("A growth model needs people with scores in at least two weeks.")
    if scores < people + 2:
        raise ValueError("A growth model needs more people with at least two scores.")
