"""A linear mixed model of people's scores by restricted maximum likelihood (REML).

The likelihood is written in the Cholesky factor of the random covariance relative to the
residual variance (Bates and others 2015, J Stat Softw 67(1)). A variance of 0 is then an
ordinary point and not a breakdown, and people enter as a few sums of products, those with forms
in the same weeks all together, so that hundreds of evaluations cost next to nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from services.statistics.checks import Vector

Matrix: TypeAlias = npt.NDArray[np.float64]
Free: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]

# Searches begun at different points must end at the same likelihood, or it is no maximum.
AGREED = 1e-6

# A gain in likelihood this small is a search creeping towards a variance of exactly 0.
NO_GAIN = 1e-9

# A random effect below this share of the residual SD cannot be told apart from none.
NEGLIGIBLE = 0.01


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model; `random` is the absolute covariance of random intercept and slope."""

    fixed: Vector
    fixed_covariance: Matrix
    random: Matrix
    residual: float
    log_likelihood: float

    @property
    def singular(self) -> bool:
        """Whether a random effect is nil, or the slope follows from the intercept."""
        (intercept, shared), (_, slope) = self.random / self.residual
        nil = NEGLIGIBLE**2
        return bool(intercept <= nil or slope - shared**2 / intercept <= nil)


@dataclass(frozen=True, slots=True)
class MixedModel:
    """Scores by time as sums of products, one entry for all who have scores at the same times.

    `design` is X'X of each of them and `people` how many they are; `cross` is X'y added up over
    them and `outer` each one's X'y times itself, added up. One person alone is an entry as well.
    """

    design: Matrix
    people: Vector
    cross: Matrix
    outer: Matrix
    squares: float
    scores: int

    @classmethod
    def of(cls, score: Vector, time: Vector, person: npt.NDArray[np.intp]) -> Self:
        """One entry a score, people numbered from 0; best centred and scaled to about 1."""
        row = np.column_stack([np.ones_like(time), time, score])
        products = np.zeros((int(person.max()) + 1, 2, 3))
        np.add.at(products, person, row[:, :2, None] * row[:, None, :])
        cross = products[:, :, 2]
        return cls(
            design=products[:, :, :2],
            people=np.ones(len(products)),
            cross=cross,
            outer=cross[:, :, None] * cross[:, None, :],
            squares=math.fsum(score**2),
            scores=len(score),
        )

    def at(self, theta: Vector) -> Fit:
        """The best fixed effects and residual variance for these relative random effects.

        `theta` is the lower triangle of the Cholesky factor: the intercept's SD, the slope's
        dependence on it, the slope's own SD, each over the residual SD.
        """
        factor = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
        inner = np.eye(2) + factor.T @ self.design @ factor
        # Woodbury: V = I + ZZ' is never built, only this small matrix for each design.
        shrink = factor @ np.linalg.inv(inner) @ factor.T
        taken = self.design @ shrink
        each = self.design - taken @ self.design
        information = (self.people[:, None, None] * each).sum(axis=0)
        toward = (self.cross - (taken @ self.cross[:, :, None])[:, :, 0]).sum(axis=0)
        squares = self.squares - float((shrink * self.outer).sum())
        fixed = np.linalg.solve(information, toward)
        freedom = self.scores - 2
        residual = (squares - float(toward @ fixed)) / freedom
        logs = float(self.people @ np.linalg.slogdet(inner).logabsdet)
        logs += float(np.linalg.slogdet(information).logabsdet)
        # Only rounding can leave nothing: at random effects far beyond those of any data.
        scatter = freedom * (1 + math.log(2 * math.pi * residual)) if residual > 0 else math.inf
        return Fit(
            fixed=fixed,
            fixed_covariance=residual * np.linalg.inv(information),
            random=residual * factor @ factor.T,
            residual=residual,
            log_likelihood=-(scatter + logs) / 2,
        )

    def with_intercepts(self) -> Fit | None:
        """Random intercepts, exactly least squares when that is best; None if unsettled."""
        none = self.at(np.zeros(3))
        best, settled = self._search([(1.0,), (0.1,), (self._spread(),)])
        if best.log_likelihood <= none.log_likelihood + NO_GAIN:
            return none
        return best if settled else None

    def with_slopes(self) -> Fit | None:
        """Random intercepts and slopes, correlated; None if the search does not settle."""
        starts = [(1.0, 0.0, 1.0), (1.0, 0.0, 0.1), (self._spread(), 0.0, 1.0), (0.3, 0.1, 0.3)]
        best, settled = self._search(starts)
        return best if settled else None

    def _spread(self) -> float:
        """SD of all scores: as far apart as people can be."""
        return math.sqrt(self.squares / self.scores)

    def _search(self, starts: Sequence[Sequence[float]]) -> tuple[Fit, bool]:
        """The best of several searches, and whether a second one arrived at the same height."""
        from scipy.optimize import minimize

        def depth(free: Free) -> float:
            return -self.at(_padded(free)).log_likelihood

        def climb(start: Sequence[float]) -> Fit:
            # Unbounded: a factor and its mirror image are the same covariance, and a search
            # held at 0 would take the flat spot there for a summit.
            summit = minimize(depth, start, method="BFGS", jac="3-point", tol=1e-8)
            return self.at(_padded(summit.x))

        with np.errstate(all="ignore"):
            found = sorted(map(climb, starts), key=lambda fit: fit.log_likelihood, reverse=True)
        return found[0], found[0].log_likelihood - found[1].log_likelihood < AGREED


def _padded(free: Free) -> Vector:
    return np.concatenate([free, np.zeros(3 - len(free))])
