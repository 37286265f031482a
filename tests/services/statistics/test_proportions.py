"""Shares and paired shares against published cases and scipy."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import mcnemar_exact, wilson_interval


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
        (10, 10, 0.7225, 1.0000),
    ],
)
def test_newcombes_cases_come_out_as_printed(
    successes: int, n: int, low: float, high: float
) -> None:
    found = wilson_interval(successes, n)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_none_and_all_reach_exactly_nought_and_one() -> None:
    for n in range(1, 200):
        assert wilson_interval(0, n).low == 0
        assert wilson_interval(n, n).high == 1


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.5, 0.999))
def test_an_interval_agrees_with_scipy_and_with_its_mirror_image(
    yes: int, no: int, confidence: float
) -> None:
    assume(yes + no)
    found = wilson_interval(yes, yes + no, confidence)
    mirror = wilson_interval(no, yes + no, confidence)

    expected = stats.binomtest(yes, yes + no).proportion_ci(confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((found.low, found.high), abs=1e-12)
    assert 0 <= found.low <= yes / (yes + no) <= found.high <= 1


def test_a_wilson_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    found = [
        (share, wilson_interval(int(chance.binomial(25, share)), 25))
        for share in chance.uniform(0.05, 0.95, 1000)
    ]

    assert 930 <= sum(i.low <= share <= i.high for share, i in found) <= 975


def test_mcnemar_is_the_exact_two_sided_binomial() -> None:
    assert mcnemar_exact(5, 1) == pytest.approx(0.21875)
    assert mcnemar_exact(0, 0) == 1
    assert mcnemar_exact(4, 4) == 1
    assert mcnemar_exact(0, 6) == pytest.approx(2 / 64)


def test_mcnemar_keeps_its_digits_for_any_number() -> None:
    """A way of working it out that many programs use gives 0.23 for the second."""
    assert mcnemar_exact(10**6, 10**6 + 1000) == pytest.approx(0.48004939099, abs=1e-9)
    assert mcnemar_exact(10**9, 10**9 + 1) == pytest.approx(1)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_agrees_with_scipy_and_does_not_mind_the_order(b: int, c: int) -> None:
    assume(b + c)

    assert mcnemar_exact(b, c) == mcnemar_exact(c, b)
    assert mcnemar_exact(b, c) == pytest.approx(stats.binomtest(b, b + c).pvalue)
