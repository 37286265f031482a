"""The growth model from kept sums is the one from the scores themselves."""

import math
from collections import defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.statistics import GrowthModel, PathSums, growth_from_sums, growth_model

FIELDS = ("intercept", "slope", "intercept_se", "slope_se", "estimates_covariance")


def sums(frame: pd.DataFrame) -> list[PathSums]:
    """What would be kept of these scores."""
    kept: defaultdict[tuple[float, ...], list[np.ndarray[Any, Any]]] = defaultdict(list)
    for _person, rows in frame.groupby("person"):
        weeks, scores = rows["week"].to_numpy(float), rows["score"].to_numpy(float)
        a, b = scores.sum(), (weeks * scores).sum()
        kept[tuple(weeks)].append(np.array([1, a, b, a * a, a * b, b * b, (scores**2).sum()]))
    names = [
        "people",
        "score",
        "moment",
        "score_squared",
        "score_by_moment",
        "moment_squared",
        "squares",
    ]
    return [
        PathSums(weeks=weeks, **dict(zip(names, np.sum(rows, axis=0).tolist(), strict=True)))
        for weeks, rows in kept.items()
    ]


def cohort(people: int, seed: int, weeks: tuple[int, ...] = (0, 6, 12)) -> pd.DataFrame:
    """People who begin and change differently, some of them without a last form."""
    draw = np.random.default_rng(seed)
    rows = [
        (person, week, level + slope * week + draw.normal(0, 2))
        for person in range(people)
        for level, slope in [(draw.normal(20, 4), draw.normal(0.4, 0.25))]
        for week in weeks[: draw.integers(1, len(weeks) + 1) if person % 3 == 0 else len(weeks)]
    ]
    return pd.DataFrame(rows, columns=["person", "week", "score"])


def same(one: GrowthModel, other: GrowthModel, digits: float = 1e-5) -> None:
    for field in FIELDS:
        assert getattr(one, field) == pytest.approx(getattr(other, field), rel=digits, abs=1e-8)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-5)
    assert (one.people, one.scores, one.method) == (other.people, other.scores, other.method)


def test_the_example_of_six_people_comes_out_as_in_the_notes() -> None:
    # D §3.8, case 14.
    lines = ["10 12 13 15", "8 8 9 11", "14 17 19 24", "11 11 14 14", "9 13 15 17", "12 13 17 18"]
    rows = [
        (n, week, int(y)) for n, line in enumerate(lines) for week, y in enumerate(line.split())
    ]
    frame = pd.DataFrame(rows, columns=["person", "week", "score"])

    found = growth_from_sums(sums(frame))

    assert (found.intercept, found.intercept_se) == (
        pytest.approx(10.550, abs=5e-4),
        pytest.approx(1.32837, abs=5e-5),
    )
    assert (found.slope, found.slope_se) == (
        pytest.approx(1.96667, abs=5e-5),
        pytest.approx(0.225644, abs=5e-6),
    )
    assert found.log_likelihood == pytest.approx(-47.30395, abs=5e-5)
    assert len(sums(frame)) == 1


@pytest.mark.parametrize("seed", range(4))
def test_sums_and_scores_give_one_model(seed: int) -> None:
    frame = cohort(60, seed)

    same(growth_from_sums(sums(frame)), growth_model(frame))


@settings(max_examples=40)
@given(
    paths=st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=3), min_size=3, max_size=12)
)
def test_whatever_the_scores_both_answer_alike(paths: list[list[int]]) -> None:
    rows = [(n, 5 * i, y) for n, path in enumerate(paths) for i, y in enumerate(path)]
    frame = pd.DataFrame(rows, columns=["person", "week", "score"])
    try:
        direct = growth_model(frame)
    except ValueError as said:
        with pytest.raises(ValueError, match=str(said)[:30]):
            growth_from_sums(sums(frame))
        return
    # Next to a perfect fit the two search on different last digits.
    assume(direct.residual_variance > 1e-3)

    same(growth_from_sums(sums(frame)), direct, digits=1e-4)


@pytest.mark.parametrize("offset", [0, 1e5])
def test_a_common_offset_takes_no_digits(offset: float) -> None:
    frame = cohort(40, 9)
    moved = frame.assign(score=frame["score"] + offset)

    found = growth_from_sums(sums(moved))

    assert found.slope == pytest.approx(growth_model(frame).slope, rel=1e-4)


def test_the_band_covers_the_truth_as_often_as_it_claims() -> None:
    draw = np.random.default_rng(24)
    people, weeks = 40, np.array([0, 6, 12])
    inside = 0
    for _ in range(250):
        # All have the same weeks, so what they add up to needs no table of their scores.
        level = draw.normal(15, 4, (people, 1))
        kept = of_one_path(weeks, level - 0.3 * weeks + draw.normal(0, 2, (people, 3)))
        _mean, low, high = growth_from_sums([kept], random_slope=False).at(12)
        inside += low <= 15 - 0.3 * 12 <= high

    assert 0.91 < inside / 250 < 0.99


def of_one_path(weeks: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> PathSums:
    """The sums of people who all have a score in each of these weeks, a row a person."""
    a, b = scores.sum(axis=1), (scores * weeks).sum(axis=1)
    return PathSums(
        weeks=tuple(weeks.tolist()),
        people=len(scores),
        score=float(a.sum()),
        moment=float(b.sum()),
        score_squared=float((a**2).sum()),
        score_by_moment=float((a * b).sum()),
        moment_squared=float((b**2).sum()),
        squares=float((scores**2).sum()),
    )


def test_at_the_first_form_the_band_is_that_of_the_intercept() -> None:
    found = growth_from_sums(sums(cohort(40, 5)))
    mean, low, high = found.at(0)

    assert mean == pytest.approx(found.intercept)
    assert high - low == pytest.approx(2 * 1.959964 * found.intercept_se)


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        ([], "at least two people"),
        ([(0.0,), (0.0,)], "at least two weeks"),
        ([(0.0, 5.0), (0.0,)], "more people with at least two scores"),
        ([(0.0, 5.0), (0.0, 5.0)], "parallel lines"),
    ],
)
def test_what_cannot_be_fitted_is_said(paths: list[tuple[float, ...]], sentence: str) -> None:
    rows = [(n, week, 7.0 + week) for n, weeks in enumerate(paths) for week in weeks]
    frame = pd.DataFrame(rows, columns=["person", "week", "score"])

    with pytest.raises(ValueError, match=sentence):
        growth_from_sums(sums(frame))


def test_every_field_is_a_number_or_none() -> None:
    found = asdict(growth_from_sums(sums(cohort(30, 3))))

    assert all(
        one is None or isinstance(one, int | str) or math.isfinite(one) for one in found.values()
    )
