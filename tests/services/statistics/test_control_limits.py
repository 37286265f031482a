"""Limits for shares over time: against figures in print, by simulation and by what must hold."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics import control_limits

# Cans that leak in samples of 50, before and after the machine was set right; the limits as
# printed by Montgomery (Introduction to Statistical Quality Control, the chapter on p-charts).
BEFORE = "12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6"
AFTER = "9 6 12 5 6 4 6 3 7 6 2 4 3 6 5 4 8 5 6 7 5 6 3 5"

points = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=40,
).filter(lambda found: any(n for _count, n in found))


def cans(line: str) -> tuple[list[int], list[int]]:
    counts = [int(one) for one in line.split()]
    return counts, [50] * len(counts)


def test_the_limits_are_those_in_print() -> None:
    found = control_limits(*cans(AFTER))

    assert found.centre == pytest.approx(0.1108, abs=5e-5)
    assert set(found.low) == {0.0}
    assert found.high == pytest.approx([0.2440] * 24, abs=5e-5)
    assert found.widened == 1
    assert set(found.signals) == {None}


def test_limits_of_points_that_scatter_more_than_chance_are_stretched_as_laney_says() -> None:
    # By hand: centre 347 / 1500; the 29 moving ranges add up to 54.33, over 29 and 1.128: 1.660;
    # 0.2313 + 3 x 1.6603 x sqrt(0.2313 x 0.7687 / 50) = 0.5284.
    found = control_limits(*cans(BEFORE))

    assert found.centre == pytest.approx(0.2313, abs=5e-5)
    assert found.widened == pytest.approx(1.6603, abs=5e-5)
    assert found.high == pytest.approx([0.5284] * 30, abs=5e-5)
    assert set(found.low) == {0.0}


def test_a_point_outside_its_limits_stands_out() -> None:
    found = control_limits([40, 41, 39, 40, 41, 39, 40, 20, 40, 41], [50] * 10)

    assert found.signals == (None,) * 7 + ("below",) + (None,) * 2


def test_the_eighth_in_a_row_on_one_side_stands_out_and_one_on_the_centre_ends_the_run() -> None:
    high, low = [31] * 9, [29] * 9

    found = control_limits([*high, 30, *low], [50] * 19)

    assert found.signals[:7] == (None,) * 7
    assert found.signals[7:9] == ("run above", "run above")
    assert found.signals[9:17] == (None,) * 8
    assert found.signals[17:] == ("run below", "run below")


def test_a_time_when_nobody_was_counted_has_no_limits_and_ends_no_run() -> None:
    found = control_limits([31] * 5 + [0] + [31] * 4 + [29] * 9, [50] * 5 + [0] + [50] * 13)

    assert (found.low[5], found.high[5], found.signals[5]) == (None, None, None)
    assert found.signals[8] == "run above"


def test_everybody_always_there_is_a_line_without_width() -> None:
    found = control_limits([8, 6, 7], [8, 6, 7])

    assert (found.centre, found.low, found.high) == (1.0, (1.0,) * 3, (1.0,) * 3)
    assert set(found.signals) == {None}


def test_few_points_are_called_provisional() -> None:
    assert control_limits([5], [8]).provisional
    assert not control_limits([5] * 12, [8] * 12).provisional


@pytest.mark.parametrize(
    ("counts", "sizes", "sentence"),
    [
        ([], [], "at least one time"),
        ([0], [0], "at least one time"),
        ([1, 2], [3], "one count for each"),
        ([4], [3], "cannot exceed"),
        ([-1], [3], "Every count must be a whole number"),
        ([1.5], [3], "Every count must be a whole number"),
        ([None], [3], "Every count must be a whole number"),
        ([1], [math.nan], "Every number that a count is out of must be"),
        ([1], [math.inf], "Every number that a count is out of must be"),
        (["1"], [2], "Every count must be a whole number"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(counts: Any, sizes: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        control_limits(counts, sizes)


@given(points=points)
def test_limits_hold_the_centre_and_stay_shares(points: list[tuple[int, int]]) -> None:
    counts, sizes = [one for one, _n in points], [n for _one, n in points]

    found = control_limits(counts, sizes)

    assert len(found.low) == len(found.high) == len(found.signals) == len(points)
    for one, n, low, high, signal in zip(
        counts, sizes, found.low, found.high, found.signals, strict=True
    ):
        if low is None or high is None:
            assert n == 0
            continue
        assert 0 <= low <= found.centre <= high <= 1
        assert (signal in ("above", "below")) == (not low - 1e-9 <= one / n <= high + 1e-9)


@given(points=points)
def test_counting_who_stayed_away_mirrors_the_chart(points: list[tuple[int, int]]) -> None:
    counts, sizes = [one for one, _n in points], [n for _one, n in points]
    mirror = {
        "above": "below",
        "below": "above",
        "run above": "run below",
        "run below": "run above",
    }

    came = control_limits(counts, sizes)
    away = control_limits([n - one for one, n in points], sizes)

    assert away.centre == pytest.approx(1 - came.centre)
    for high, low in zip(came.high, away.low, strict=True):
        assert (high is None) == (low is None)
        assert high is None or low == pytest.approx(1 - high, abs=1e-9)
    assert away.signals == tuple(mirror.get(str(one)) for one in came.signals)


def test_mere_chance_is_rarely_widened_and_rarely_stands_out() -> None:
    draw = np.random.default_rng(20)
    sizes = draw.integers(30, 60, size=(1000, 25))
    charts = [
        control_limits(counts.tolist(), row.tolist())
        for row, counts in zip(sizes, draw.binomial(sizes, 0.7), strict=True)
    ]

    assert sum(chart.widened > 1 for chart in charts) / len(charts) < 0.08
    outside = [one for chart in charts for one in chart.signals if one in ("above", "below")]
    assert len(outside) / sizes.size < 0.005  # 0.0027 of a normal distribution lie beyond 3 sigma


def test_shares_that_wander_from_time_to_time_are_widened_to_their_true_scatter() -> None:
    draw = np.random.default_rng(21)
    sizes = np.full((1000, 25), 400)
    shares = draw.normal(0.7, 0.06, size=sizes.shape).clip(0, 1)
    charts = [
        control_limits(counts.tolist(), row.tolist())
        for row, counts in zip(sizes, draw.binomial(sizes, shares), strict=True)
    ]
    true = math.sqrt(0.06**2 / (0.7 * 0.3 / 400) + 1)  # in the sigmas of mere chance: 2.8

    assert np.mean([chart.widened for chart in charts]) == pytest.approx(true, rel=0.03)
    outside = [one for chart in charts for one in chart.signals if one in ("above", "below")]
    assert len(outside) / sizes.size < 0.01
