"""Reliable and clinical change against printed examples and the points of known measures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics import (
    ClinicalCutoffs,
    ReliableChange,
    classify_change,
    clinical_cutoffs,
    reliable_change,
)

scores = st.integers(min_value=0, max_value=40).map(float)


def test_the_example_of_jacobson_and_truax_comes_out_as_printed() -> None:
    noise = reliable_change(7.5, 0.80)

    assert noise.sem == pytest.approx(3.354, abs=5e-4)
    assert noise.s_diff == pytest.approx(4.743, abs=5e-4)
    assert noise.points == pytest.approx(9.297, abs=5e-3)
    assert (47.5 - 32.5) / noise.s_diff == pytest.approx(3.162, abs=5e-4)
    assert clinical_cutoffs(40, 7.5, 60, 7.5) == ClinicalCutoffs(a=55, b=45, c=50)
    assert classify_change(32.5, 47.5, noise.points, cutoff=50) == "improved"
    assert classify_change(32.5, 52.5, noise.points, cutoff=50) == "recovered"


@pytest.mark.parametrize(
    ("sd", "reliability", "points"),
    [
        (4.5, 0.92, 3.528),
        (3.921, 0.93, 2.876),
        (8.8, 0.91, 7.318),
        (5.8, 0.91, 4.823),
        (5.8, 0.82, 6.821),
        (10, 0.82, 11.760),
    ],
    ids=["GAD-7", "SWEMWBS", "WEMWBS", "Rosenberg", "SDQ", "KIDSCREEN"],
)
def test_the_points_of_known_measures_come_out(
    sd: float, reliability: float, points: float
) -> None:
    assert reliable_change(sd, reliability).points == pytest.approx(points, abs=5e-4)


def test_core_10_uses_the_ninety_per_cent_criterion() -> None:
    assert reliable_change(7.7, 0.9, criterion=1.645).points == pytest.approx(5.66, abs=0.005)


def test_a_perfect_measure_has_no_noise() -> None:
    assert reliable_change(7.5, 1) == ReliableChange(sem=0, s_diff=0, points=0)


def test_cutoffs_of_a_measure_counted_downwards_lie_the_other_way() -> None:
    found = clinical_cutoffs(19.7, 7.7, 4.7, 4.8)

    assert (found.a, found.b) == pytest.approx((4.3, 14.3))
    assert found.c == pytest.approx((7.7 * 4.7 + 4.8 * 19.7) / (7.7 + 4.8))


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (15, 9, "recovered"),
        (10, 4, "recovered"),
        (9, 3, "improved"),
        (16, 10, "improved"),
        (15, 10, "unchanged"),
        (10, 15, "unchanged"),
        (4, 10, "deteriorated"),
    ],
)
def test_phq_9_counts_ten_as_a_case_and_six_points_as_reliable(
    before: float, after: float, verdict: str
) -> None:
    found = classify_change(before, after, 6, cutoff=10, higher_is_better=False, inclusive=True)

    assert found == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (18, 22, "recovered"),
        (18.59, 24.11, "improved"),
        (14, 18, "improved"),
        (17, 20, "unchanged"),
        (22, 18, "deteriorated"),
    ],
)
def test_swemwbs_counts_eighteen_as_low_and_more_than_three_points_as_reliable(
    before: float, after: float, verdict: str
) -> None:
    assert classify_change(before, after, 3, cutoff=18) == verdict


def test_a_change_of_exactly_the_points_counts_only_when_inclusive() -> None:
    assert classify_change(10, 16, 6) == "unchanged"
    assert classify_change(10, 16, 6, inclusive=True) == "improved"
    assert classify_change(16, 10, 6, inclusive=True) == "deteriorated"


def test_rounding_decides_no_verdict() -> None:
    # 0.3 - 0.1 falls just short of 0.2 for a computer, 0.8 - 0.6 just exceeds it.
    assert classify_change(0.1, 0.3, 0.2, inclusive=True) == "improved"
    assert classify_change(0.6, 0.8, 0.2) == "unchanged"
    assert classify_change(1, 0.1 + 0.2, 0.1, cutoff=0.3, higher_is_better=False) == "improved"
    assert classify_change(0.1, 0.1 + 0.2, 0.1, cutoff=0.3) == "improved"


def test_no_change_is_never_reliable_even_without_noise() -> None:
    assert classify_change(7, 7, 0, inclusive=True) == "unchanged"


@given(scores, scores, scores, scores, st.booleans())
def test_a_verdict_is_the_same_on_a_mirrored_measure(
    before: float, after: float, points: float, cutoff: float, inclusive: bool
) -> None:
    up = classify_change(before, after, points, cutoff, inclusive=inclusive)

    assert up == classify_change(
        -before, -after, points, -cutoff, higher_is_better=False, inclusive=inclusive
    )


@given(scores, scores, scores, scores)
def test_whoever_improves_would_deteriorate_on_the_way_back(
    before: float, after: float, points: float, cutoff: float
) -> None:
    there = classify_change(before, after, points, cutoff)
    back = classify_change(after, before, points, cutoff)

    assert (there in {"improved", "recovered"}) == (back == "deteriorated")
