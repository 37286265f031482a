"""A line of change on sessions from sums: against least squares one by one, and by simulation."""

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import AtDose, Trend, trend

# Speed and stopping distance of fifty cars (Ezekiel 1930); R's summary of lm(dist ~ speed) prints
# the slope 3.9324 (standard error 0.4155) and a residual standard error of 15.38 on 48 degrees.
CARS = """4:2,10 7:4,22 8:16 9:10 10:18,26,34 11:17,28 12:14,20,24,28 13:26,34,34,46 14:26,36,60,80
15:20,26,54 16:32,40 17:32,40,50 18:42,56,76,84 19:36,46,68 20:32,48,52,56,64 22:66 23:54
24:70,92,93,120 25:85"""

people = st.lists(
    st.tuples(st.integers(0, 12), st.integers(-20, 20)), min_size=3, max_size=40
).filter(lambda found: all(len(set(column)) > 1 for column in zip(*found, strict=True)))


def line(pairs: list[tuple[float, float]]) -> Trend:
    kept: defaultdict[float, list[float]] = defaultdict(list)
    for dose, gain in pairs:
        kept[dose].append(gain)
    return trend(
        AtDose(dose, len(gains), sum(gains), sum(gain**2 for gain in gains))
        for dose, gains in kept.items()
    )


def test_figures_are_those_in_print() -> None:
    pairs = [
        (float(speed), float(one))
        for speed, far in (entry.split(":") for entry in CARS.split())
        for one in far.split(",")
    ]

    found = line(pairs)

    assert (found.n, found.slope) == (50, pytest.approx(3.9324, abs=5e-5))
    assert found.spread == pytest.approx(15.38, abs=5e-3)
    assert (found.high - found.low) / 2 / found.t == pytest.approx(0.4155, abs=5e-5)


@given(pairs=people)
def test_sums_give_the_line_through_the_people_one_by_one(pairs: list[tuple[int, int]]) -> None:
    found = line(pairs)

    other = stats.linregress(*zip(*pairs, strict=True))
    assert found.slope == pytest.approx(other.slope, abs=1e-9)
    assert found.high - found.slope == pytest.approx(found.t * other.stderr, abs=1e-6)
    mean, low, high = found.at(found.middle)
    assert mean == pytest.approx(found.level)
    assert low <= mean <= high


def test_the_interval_covers_the_true_slope_as_often_as_it_claims() -> None:
    draw = np.random.default_rng(25)
    inside = 0
    for _ in range(1000):
        dose = draw.integers(2, 13, 40)
        gain = 0.3 * dose + draw.normal(0, 4, 40)
        found = line(list(zip(dose.tolist(), gain.tolist(), strict=True)))
        inside += found.low <= 0.3 <= found.high

    assert 0.93 < inside / 1000 < 0.97


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], "at least three people"),
        ([AtDose(1, 1, 2, 4), AtDose(2, 1, 2, 4)], "at least three people"),
        ([AtDose(4, 9, 18, 40)], "Everybody had the same number"),
        ([AtDose(math.nan, 3, 1, 1)], "Every dose must be a number"),
        ([AtDose(1, 3, math.inf, 1)], "Every sum of changes must be"),
        ([AtDose(1, 3, 1, -1)], "cannot be negative"),
        ([AtDose(1, -3, 1, 1)], "How many people must be"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(groups: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        trend(groups)
