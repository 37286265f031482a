"""Intervals of the growth line allow for cohorts, and cover the truth as often as they claim."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from services.statistics import PathSums, allow_for_cohorts, growth_from_sums

WEEKS = np.array([0.0, 6.0, 12.0])
SLOPE = -0.25
Scores = npt.NDArray[np.float64]


def draw(chance: np.random.Generator, cohorts: int, *, apart: float) -> Scores:
    """Scores by cohort, person and week: cohorts move differently by `apart` points a week."""
    people = 10
    slope = SLOPE + apart * chance.standard_normal((cohorts, 1, 1))
    slope = slope + 0.1 * chance.standard_normal((cohorts, people, 1))
    level = (
        14
        + chance.standard_normal((cohorts, 1, 1))
        + 3 * chance.standard_normal((cohorts, people, 1))
    )
    return level + slope * WEEKS + 1.5 * chance.standard_normal((cohorts, people, 3))


def sums(scores: Scores) -> PathSums:
    """What would be kept of people with scores in every week."""
    level, moment = scores.sum(axis=1), scores @ WEEKS
    return PathSums(
        weeks=tuple(WEEKS),
        people=len(scores),
        score=level.sum(),
        moment=moment.sum(),
        score_squared=(level**2).sum(),
        score_by_moment=(level * moment).sum(),
        moment_squared=(moment**2).sum(),
        squares=(scores**2).sum(),
    )


def test_where_groups_differ_the_interval_covers_the_truth_as_it_claims() -> None:
    """Without cohorts it would not: that is what they are allowed for."""
    chance = np.random.default_rng(7)
    draws, covered, without = 150, 0, 0
    for _ in range(draws):
        scores = draw(chance, 10, apart=0.15)
        model = growth_from_sums([sums(scores.reshape(-1, 3))], random_slope=False)
        allowed = allow_for_cohorts(model, [[sums(one)] for one in scores])
        assert allowed is not None
        without += abs(model.slope - SLOPE) <= model.quantile * model.slope_se
        covered += abs(allowed.slope - SLOPE) <= allowed.quantile * allowed.slope_se
    assert without / draws < 0.85
    assert 0.9 <= covered / draws <= 0.99


def test_where_groups_are_alike_nothing_is_claimed_that_was_not() -> None:
    chance = np.random.default_rng(8)
    scores = draw(chance, 12, apart=0.0)
    model = growth_from_sums([sums(scores.reshape(-1, 3))])

    allowed = allow_for_cohorts(model, [[sums(one)] for one in scores])

    assert allowed is not None
    assert (allowed.intercept, allowed.slope) == (model.intercept, model.slope)
    assert allowed.slope_se >= model.slope_se
    assert allowed.quantile == pytest.approx(2.201, abs=1e-3)  # t with 11 degrees of freedom
    assert "12 cohorts" in allowed.method


def test_its_line_is_the_models_own() -> None:
    """Leaving out nobody gives the line back, so the weights are those of the model."""
    chance = np.random.default_rng(9)
    scores = draw(chance, 8, apart=0.1)
    model = growth_from_sums([sums(scores.reshape(-1, 3))])
    same = [[sums(scores[0])] for _ in range(8)]

    alike = allow_for_cohorts(growth_from_sums([one[0] for one in same]), same)

    assert alike is not None
    assert alike.slope_se == pytest.approx(growth_from_sums([one[0] for one in same]).slope_se)
    assert model.slope_se > 0


def test_fewer_than_five_cohorts_or_one_with_everything_allow_for_none() -> None:
    chance = np.random.default_rng(10)
    scores = draw(chance, 6, apart=0.1)
    model = growth_from_sums([sums(scores.reshape(-1, 3))])
    parts = [[sums(one)] for one in scores]

    assert allow_for_cohorts(model, parts[:4]) is None
    once = replace(parts[0][0], weeks=(0.0,), moment=0.0)
    assert allow_for_cohorts(model, [parts[0], *([once] for _ in range(5))]) is None
