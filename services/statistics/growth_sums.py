"""The growth model from sums that are kept as scores are saved."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from services.statistics.growth_fit import PARALLEL, GrowthModel, Sample, fitted, refuse_too_few
from services.statistics.mixed_model import MixedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSums:
    """What the scores of all `people` with scores in the same `weeks` add up to.

    For each person, `score` is the sum of her scores and `moment` that of each score times its
    week: here they are added up over people, as are their squares and their product. `squares` is
    the sum of every single score's square.
    """

    weeks: tuple[float, ...]
    people: int
    score: float
    moment: float
    score_squared: float
    score_by_moment: float
    moment_squared: float
    squares: float


def growth_from_sums(paths: Iterable[PathSums], random_slope: bool | None = None) -> GrowthModel:
    """The same model, to the digits of a double, from sums that can be kept as scores are saved.

    Its cost follows the number of different sets of weeks, not of people. Raises ValueError where
    `growth_model` does.
    """
    return fitted(_sample_of_sums([path for path in paths if path.people]), random_slope)


def _sample_of_sums(paths: Sequence[PathSums]) -> Sample:
    """The same from sums: scaling weeks and scores only mixes the sums with one another."""
    people = sum(path.people for path in paths)
    scores = sum(path.people * len(path.weeks) for path in paths)
    refuse_too_few(people, scores, max((len(set(path.weeks)) for path in paths), default=0))
    weeks = np.concatenate([np.repeat(path.weeks, path.people) for path in paths])
    mean, centre, width = sum(path.score for path in paths) / scores, weeks.mean(), weeks.std()
    common, own = _left_by_lines(paths)
    # Squares of scores that differ by rounding alone leave about so much of one another.
    least = 1e-10 * sum(path.squares - mean * path.score for path in paths)
    least = max(least, 1e-12 * sum(path.squares for path in paths))
    if common <= least:
        raise ValueError(PARALLEL)
    points = math.sqrt(common / scores)
    return Sample(
        model=_scaled(paths, mean=mean, points=points, centre=centre, width=width, scores=scores),
        mean=mean,
        points=points,
        centre=float(centre),
        width=float(width),
        people=people,
        scores=scores,
        weeks=len(np.unique(weeks)),
        has_own_scatter=own > least,
    )


def _left_by_lines(paths: Sequence[PathSums]) -> tuple[float, float]:
    """Squares left about a line for each person: all lines parallel, and each with its slope."""
    within = up = along = by_own = 0.0
    for path in paths:
        n, middle = len(path.weeks), math.fsum(path.weeks) / len(path.weeks)
        width = math.fsum((week - middle) ** 2 for week in path.weeks)
        within += path.squares - path.score_squared / n
        up += path.moment - middle * path.score
        along += path.people * width
        own = path.moment_squared - 2 * middle * path.score_by_moment
        by_own += (own + middle**2 * path.score_squared) / width if width else 0.0
    return within - up**2 / along, within - by_own


def _scaled(
    paths: Sequence[PathSums],
    *,
    mean: float,
    points: float,
    centre: float,
    width: float,
    scores: int,
) -> MixedModel:
    turn = np.array([[1.0, -centre / width], [0.0, 1 / width]])
    weeks = [np.array(path.weeks) for path in paths]
    raw = np.array([[[len(one), one.sum()], [one.sum(), (one**2).sum()]] for one in weeks])
    people = np.array([float(path.people) for path in paths])
    cross = np.array([[path.score, path.moment] for path in paths])
    outer = np.array(
        [
            [
                [path.score_squared, path.score_by_moment],
                [path.score_by_moment, path.moment_squared],
            ]
            for path in paths
        ]
    )
    level = mean * raw[:, :, 0]  # what a score of the mean, always, adds to each person's X'y
    mixed = cross[:, :, None] * level[:, None, :]
    outer = outer - mixed - mixed.swapaxes(1, 2)
    outer += people[:, None, None] * level[:, :, None] * level[:, None, :]
    squares = sum(path.squares - 2 * mean * path.score for path in paths) + scores * mean**2
    return MixedModel(
        design=turn.T @ raw @ turn,
        people=people,
        cross=(cross - people[:, None] * level) @ turn / points,
        outer=turn.T @ outer @ turn / points**2,
        squares=squares / points**2,
        scores=scores,
    )
