"""The figures against published tables, other programs, simulation and their own symmetries."""

import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, asdict, fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import (
    ClinicalCutoffs,
    GrowthModel,
    Interval,
    PairedChange,
    ReliableChange,
    classify_change,
    clinical_cutoffs,
    control_limits,
    cronbach_alpha,
    funnel,
    funnel_limits,
    growth_model,
    kaplan_meier,
    mcnemar_exact,
    paired_change,
    reliable_change,
    shrink,
    waits,
    wilson_interval,
)

# Hours of sleep gained on two drugs by the same ten people (Student 1908).
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

# Six people at weeks 0 to 3 (D §3.8, case 14).
SIX_PEOPLE = """
10 12 13 15
8 8 9 11
14 17 19 24
11 11 14 14
9 13 15 17
12 13 17 18
"""

# Reaction times of 18 people on days 0 to 9 without sleep (Belenky and others 2003).
WITHOUT_SLEEP = """
249.56 258.7047 250.8006 321.4398 356.8519 414.6901 382.2038 290.1486 430.5853 466.3535
222.7339 205.2658 202.9778 204.707 207.7161 215.9618 213.6303 217.7272 224.2957 237.3142
199.0539 194.3322 234.32 232.8416 229.3074 220.4579 235.4208 255.7511 261.0125 247.5153
321.5426 300.4002 283.8565 285.133 285.7973 297.5855 280.2396 318.2613 305.3495 354.0487
287.6079 285 301.8206 320.1153 316.2773 293.3187 290.075 334.8177 293.7469 371.5811
234.8606 242.8118 272.9613 309.7688 317.4629 309.9976 454.1619 346.8311 330.3003 253.8644
283.8424 289.555 276.7693 299.8097 297.171 338.1665 332.0265 348.8399 333.36 362.0428
265.4731 276.2012 243.3647 254.6723 279.0244 284.1912 305.5248 331.5229 335.7469 377.299
241.6083 273.9472 254.4907 270.8021 251.4519 254.6362 245.4523 235.311 235.7541 237.2466
312.3666 313.8058 291.6112 346.1222 365.7324 391.8385 404.2601 416.6923 455.8643 458.9167
236.1032 230.3167 238.9256 254.922 250.7103 269.7744 281.5648 308.102 336.2806 351.6451
256.2968 243.4543 256.2046 255.5271 268.9165 329.7247 379.4445 362.9184 394.4872 389.0527
250.5265 300.0576 269.8939 280.5891 271.8274 304.6336 287.7466 266.5955 321.5418 347.5655
221.6771 298.1939 326.8785 346.8555 348.7402 352.8287 354.4266 360.4326 375.6406 388.5417
271.9235 268.4369 257.2424 277.6566 314.8222 317.2135 298.1353 348.1229 340.28 366.5131
225.264 234.5235 238.9008 240.473 267.5373 344.1937 281.1481 347.5855 365.163 372.2288
269.8804 272.4428 277.8989 281.7895 279.1705 284.512 259.2658 304.6306 350.7807 369.4692
269.4117 273.474 297.5968 310.6316 287.1726 329.6076 334.4818 343.2199 369.1417 364.1236
"""

# A distance in the jaw of 27 children at 8, 10, 12 and 14 years (Potthoff and Roy 1964).
JAWS = """
26 25 29 31
21.5 22.5 23 26.5
23 22.5 24 27.5
25.5 27.5 26.5 27
20 23.5 22.5 26
24.5 25.5 27 28.5
22 22 24.5 26.5
24 21.5 24.5 25.5
23 20.5 31 26
27.5 28 31 31.5
23 23 23.5 25
21.5 23.5 24 28
17 24.5 26 29.5
22.5 25.5 25.5 26
23 24.5 26 30
22 21.5 23.5 25
21 20 21.5 23
21 21.5 24 25.5
20.5 24 24.5 26
23.5 24.5 25 26.5
21.5 23 22.5 23.5
20 21 21 22.5
21.5 22.5 23 25
23 23 23.5 24
20 21 22 21.5
16.5 19 19 19.5
24.5 25 28 28
"""

scores = st.integers(min_value=0, max_value=40).map(float)
pairs = st.lists(st.tuples(scores, scores), min_size=2, max_size=30)


def long_form(table: str, weeks: Sequence[float]) -> pd.DataFrame:
    """One row a score, from a table with a row for each person."""
    rows = [
        (f"person {number}", week, float(score))
        for number, line in enumerate(table.strip().splitlines())
        for week, score in zip(weeks, line.split(), strict=True)
    ]
    return pd.DataFrame(rows, columns=["person", "week", "score"])


def invented_people(
    *, people: int, weeks: int, slope_sd: float, seed: int, intercept_sd: float = 4.0
) -> pd.DataFrame:
    """Scores about 20 + 0.5 a week with residual SD 2, independent random effects."""
    chance = np.random.default_rng(seed)
    level = 20 + intercept_sd * chance.standard_normal((people, 1))
    slope = 0.5 + slope_sd * chance.standard_normal((people, 1))
    table = level + slope * np.arange(weeks) + 2 * chance.standard_normal((people, weeks))
    frame = pd.DataFrame(table).reset_index(names="person")
    return frame.melt(id_vars="person", var_name="week", value_name="score")


def incomplete_forms(seed: int) -> pd.DataFrame:
    """Thirty people with most of six forms each, in no order."""
    frame = invented_people(people=30, weeks=6, slope_sd=1, seed=seed)
    return frame.sample(frac=0.8, random_state=seed).astype({"week": float})


# --- Paired change --------------------------------------------------------------------------


def test_students_sleep_data_give_the_published_t_test() -> None:
    found = paired_change(FIRST_DRUG, SECOND_DRUG)

    assert found.n == 10
    assert found.mean_change == pytest.approx(1.58)
    assert found.t == pytest.approx(4.0621, abs=5e-5)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.7001142, 2.4598858), abs=5e-8)


@pytest.mark.parametrize(
    ("mean", "sd", "after", "d_pre"), [(15.4, 5.5, 9.4, 1.09), (14.0, 4.5, 8.4, 1.24)]
)
def test_national_figures_give_their_effect_against_the_sd_before(
    mean: float, sd: float, after: float, d_pre: float
) -> None:
    standard = stats.zscore(np.arange(20.0), ddof=1)

    found = paired_change(mean + sd * standard, after + 5 * standard[::-1], higher_is_better=False)

    assert found.d_pre == pytest.approx(d_pre, abs=0.005)


@given(pairs)
def test_every_figure_agrees_with_its_formula(people: list[tuple[float, float]]) -> None:
    before, after = np.array(people).T
    change = after - before
    assume(np.ptp(change) and np.ptp(before) and np.ptp(after))
    found = paired_change(before, after)

    expected = stats.ttest_rel(after, before)
    interval = expected.confidence_interval(0.95)
    d_av = change.mean() / ((before.std(ddof=1) + after.std(ddof=1)) / 2)
    assert found.t == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.ci_low, found.ci_high) == pytest.approx((interval.low, interval.high))
    assert found.sd_change == pytest.approx(change.std(ddof=1))
    assert found.r == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert found.d_z == pytest.approx(change.mean() / change.std(ddof=1))
    assert found.d_pre == pytest.approx(change.mean() / before.std(ddof=1))
    assert found.d_av == pytest.approx(d_av)
    assert found.g_av == pytest.approx(d_av * (1 - 3 / (4 * (len(people) - 1) - 1)))


@given(pairs)
def test_a_measure_counted_downwards_mirrors_one_counted_upwards(
    people: list[tuple[float, float]],
) -> None:
    before, after = zip(*people, strict=True)

    up = paired_change(before, after)
    down = paired_change([-x for x in before], [-x for x in after], higher_is_better=False)

    assert asdict(down) == pytest.approx(asdict(up))


@given(pairs)
def test_going_back_undoes_the_change(people: list[tuple[float, float]]) -> None:
    before, after = zip(*people, strict=True)

    there, back = paired_change(before, after), paired_change(after, before)

    assert back.mean_change == pytest.approx(-there.mean_change)
    assert (back.ci_low, back.ci_high) == pytest.approx((-there.ci_high, -there.ci_low))
    assert (back.p, back.r, back.sd_change) == pytest.approx((there.p, there.r, there.sd_change))


@given(pairs, st.sampled_from([-1e9, 7.0, 1e9]))
def test_a_common_offset_changes_nothing(people: list[tuple[float, float]], offset: float) -> None:
    before, after = np.array(people).T

    moved = paired_change(before + offset, after + offset)

    assert asdict(moved) == pytest.approx(asdict(paired_change(before, after)))


@given(pairs, st.sampled_from([1e-120, 0.1, 3.0, 1e120]))
def test_another_unit_changes_points_but_no_effect_size(
    people: list[tuple[float, float]], unit: float
) -> None:
    before, after = np.array(people).T
    plain, scaled = paired_change(before, after), paired_change(before * unit, after * unit)

    for name in ("t", "p", "r", "d_z", "d_av", "d_pre", "g_av"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name)), name
    for name in ("mean_change", "sd_change", "ci_low", "ci_high"):
        assert getattr(scaled, name) == pytest.approx(unit * getattr(plain, name), abs=1e-9 * unit)


@given(st.lists(st.tuples(scores, scores, st.integers(1, 4)), min_size=2, max_size=12))
def test_many_with_one_pair_of_scores_count_as_many(rows: list[tuple[float, float, int]]) -> None:
    before, after, people = zip(*rows, strict=True)
    counted = paired_change(before, after, people=people)
    each = paired_change(np.repeat(before, people), np.repeat(after, people))

    for name in PairedChange.__slots__:
        assert getattr(counted, name) == pytest.approx(getattr(each, name), abs=1e-9), name


def test_the_same_change_for_everyone_has_no_t_and_no_p() -> None:
    found = paired_change([0.1, 0.2, 0.7], [0.3, 0.4, 0.9])

    assert (found.sd_change, found.t, found.p, found.d_z) == (0, None, None, None)
    assert found.ci_low == found.ci_high == found.mean_change == pytest.approx(0.2)
    assert found.r == pytest.approx(1)


def test_a_constant_first_form_has_no_correlation_and_no_sd_to_compare_with() -> None:
    found = paired_change([5, 5, 5], [6, 7, 11])

    assert (found.r, found.d_pre) == (None, None)
    assert found.d_av == pytest.approx(3 / (math.sqrt(7) / 2))


def test_nobody_moving_anywhere_is_no_change_and_no_effect() -> None:
    found = paired_change([3, 3], [3, 3])

    assert found.mean_change == 0
    assert (found.t, found.p, found.r, found.d_z, found.d_av, found.g_av) == (None,) * 6


def test_the_interval_holds_the_truth_in_nineteen_of_twenty_samples() -> None:
    chance = np.random.default_rng(11)
    before = chance.normal(18, 6, (1000, 12))
    after = 0.5 * before + chance.normal(13, 5, (1000, 12))

    found = [paired_change(b, a) for b, a in zip(before, after, strict=True)]

    covered = sum(change.ci_low <= 4 <= change.ci_high for change in found)
    assert 930 <= covered <= 970


# --- Reliable and clinical change -----------------------------------------------------------


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


# --- Proportions ----------------------------------------------------------------------------


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


# --- Reliability of a scale -----------------------------------------------------------------

answers = st.integers(2, 6).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(0, 4), min_size=items, max_size=items), min_size=2, max_size=20
    )
)


@given(answers, st.sampled_from([0.0, 1e8]))
def test_alpha_agrees_with_its_formula_in_covariances(rows: list[list[int]], offset: float) -> None:
    covariance = np.atleast_2d(np.cov(np.array(rows).T))
    assume(covariance.sum() > 1e-9)
    items = len(covariance)

    expected = items / (items - 1) * (1 - np.trace(covariance) / covariance.sum())

    moved = [[offset + answer for answer in row] for row in rows]
    assert cronbach_alpha(moved) == pytest.approx(expected, abs=1e-6)


def test_items_that_say_the_same_have_an_alpha_of_one() -> None:
    assert cronbach_alpha([[1, 1, 1], [2, 2, 2], [4, 4, 4]]) == pytest.approx(1)


def test_two_equally_spread_items_follow_spearman_and_brown() -> None:
    rows = pd.DataFrame({"calm": [1, 2, 3, 4], "safe": [2, 1, 4, 3]})

    assert cronbach_alpha(rows) == pytest.approx(2 * 0.6 / (1 + 0.6))


# --- Growth ---------------------------------------------------------------------------------


def test_growth_of_six_people_comes_out_to_the_last_digit() -> None:
    found = growth_model(long_form(SIX_PEOPLE, range(4)))

    assert found.intercept == pytest.approx(10.550, abs=5e-4)
    assert found.slope == pytest.approx(1.96667, abs=5e-6)
    assert found.intercept_se == pytest.approx(1.32837, abs=5e-6)
    assert found.slope_se == pytest.approx(0.225644, abs=5e-7)
    assert found.residual_variance == pytest.approx(1.527451, abs=5e-7)
    assert found.intercept_variance == pytest.approx(9.518137, abs=6e-7)
    assert found.log_likelihood == pytest.approx(-47.30395, abs=5e-6)
    assert (found.slope_variance, found.covariance) == (None, None)
    assert (found.people, found.scores, found.method) == (6, 24, "random intercept, REML")


def test_days_without_sleep_come_out_as_lme4_prints_them() -> None:
    found = growth_model(long_form(WITHOUT_SLEEP, range(10)), random_slope=True)

    assert found.method == "random intercept and slope, REML"
    assert (found.intercept, found.intercept_se) == pytest.approx((251.405, 6.825), abs=5e-4)
    assert (found.slope, found.slope_se) == pytest.approx((10.467, 1.546), abs=5e-4)
    assert found.residual_variance == pytest.approx(654.94, abs=5e-3)
    assert found.intercept_variance == pytest.approx(612.10, abs=0.02)
    assert found.slope_variance == pytest.approx(35.07, abs=5e-3)
    assert found.covariance == pytest.approx(9.60, abs=5e-3)
    assert found.log_likelihood == pytest.approx(-871.81, abs=5e-3)


def test_eighteen_people_get_no_slopes_of_their_own_by_default() -> None:
    found = growth_model(long_form(WITHOUT_SLEEP, range(10)))

    assert found.method == "random intercept, REML"
    assert (found.intercept_se, found.slope_se) == pytest.approx((9.7467, 0.8042), abs=5e-5)
    assert found.intercept_variance == pytest.approx(1378.2, abs=0.05)
    assert found.residual_variance == pytest.approx(960.5, abs=0.05)


def test_growing_jaws_come_out_as_nlme_prints_them() -> None:
    found = growth_model(long_form(JAWS, [8, 10, 12, 14]))

    assert found.method == "random intercept and slope, REML"
    assert (found.intercept, found.slope) == pytest.approx((16.761111, 0.660185), abs=5e-7)
    assert found.intercept_se == pytest.approx(0.7752, abs=5e-5)
    assert found.slope_se == pytest.approx(0.0713, abs=5e-5)
    assert math.sqrt(found.residual_variance) == pytest.approx(1.310040, abs=5e-6)
    assert math.sqrt(found.intercept_variance) == pytest.approx(2.3270, abs=5e-4)
    assert math.sqrt(found.slope_variance or 0) == pytest.approx(0.2264, abs=5e-5)
    assert found.log_likelihood == pytest.approx(-221.3183, abs=5e-5)


@pytest.mark.parametrize("random_slope", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_growth_agrees_with_statsmodels_on_incomplete_forms(seed: int, random_slope: bool) -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    frame = incomplete_forms(seed)
    found = growth_model(frame, random_slope)

    design = np.column_stack([np.ones(len(frame)), frame["week"]])
    random = design if random_slope else design[:, :1]
    other = MixedLM(frame["score"].to_numpy(), design, frame["person"], random).fit(method="lbfgs")
    assert (found.intercept, found.slope) == pytest.approx(tuple(other.fe_params), rel=1e-4)
    assert found.residual_variance == pytest.approx(other.scale, rel=1e-3)
    assert found.intercept_variance == pytest.approx(other.cov_re[0, 0], rel=1e-3)
    assert found.log_likelihood == pytest.approx(other.llf, abs=1e-6)
    if random_slope:
        assert found.slope_variance == pytest.approx(other.cov_re[1, 1], rel=1e-3)
        assert found.covariance == pytest.approx(other.cov_re[0, 1], rel=1e-2)


def test_estimates_and_errors_are_those_of_generalised_least_squares() -> None:
    frame = incomplete_forms(4)
    found = growth_model(frame)

    design = np.column_stack([np.ones(len(frame)), frame["week"]])
    random = np.array(
        [
            [found.intercept_variance, found.covariance],
            [found.covariance, found.slope_variance],
        ],
        dtype=float,
    )
    same_person = np.equal.outer(frame["person"].to_numpy(), frame["person"].to_numpy())
    covariance = same_person * (design @ random @ design.T)
    covariance += found.residual_variance * np.eye(len(frame))
    of_fixed = np.linalg.inv(design.T @ np.linalg.solve(covariance, design))
    fixed = of_fixed @ design.T @ np.linalg.solve(covariance, frame["score"].to_numpy())
    assert (found.intercept, found.slope) == pytest.approx(tuple(fixed))
    assert (found.intercept_se, found.slope_se) == pytest.approx(tuple(np.sqrt(np.diag(of_fixed))))


def test_a_large_programme_gives_back_the_truth_it_was_made_from() -> None:
    found = growth_model(invented_people(people=400, weeks=6, slope_sd=0.6, seed=9))

    assert abs(found.intercept - 20) < 3 * found.intercept_se
    assert abs(found.slope - 0.5) < 3 * found.slope_se
    assert found.residual_variance == pytest.approx(4, rel=0.1)
    assert found.intercept_variance == pytest.approx(16, rel=0.2)
    assert found.slope_variance == pytest.approx(0.36, rel=0.25)
    assert (found.people, found.scores) == (400, 2400)


def test_the_slopes_interval_is_honest_over_many_programmes() -> None:
    """Fifty here; over 1,000 draws see `test_growth_cohorts`."""
    found = [
        growth_model(invented_people(people=12, weeks=4, slope_sd=0, seed=seed))
        for seed in range(50)
    ]

    covered = sum(abs(model.slope - 0.5) < model.quantile * model.slope_se for model in found)
    assert 43 <= covered <= 50


def test_other_units_of_weeks_and_points_give_the_same_model() -> None:
    frame = long_form(JAWS, [8, 10, 12, 14])
    plain = growth_model(frame)

    other = growth_model(
        frame.assign(week=1000 + 7 * frame["week"], score=1e4 * frame["score"] - 3e6)
    )

    assert other.slope == pytest.approx(1e4 / 7 * plain.slope)
    assert other.slope_se == pytest.approx(1e4 / 7 * plain.slope_se)
    assert other.intercept + 1000 * other.slope == pytest.approx(1e4 * plain.intercept - 3e6)
    assert other.residual_variance == pytest.approx(1e8 * plain.residual_variance)
    assert other.slope_variance == pytest.approx(1e8 / 49 * (plain.slope_variance or 0), rel=1e-5)


def test_the_order_of_rows_and_the_names_of_people_do_not_matter() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    shuffled = frame.sample(frac=1, random_state=3)
    renamed = shuffled.assign(person=shuffled["person"].astype("category"), cohort="spring")

    assert asdict(growth_model(renamed)) == pytest.approx(asdict(growth_model(frame)))


def test_slopes_that_do_not_differ_are_left_out_and_the_method_says_so() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    crowd = pd.concat([frame.assign(person=frame["person"] + str(n)) for n in range(5)])

    found = growth_model(crowd)

    assert found.method == (
        "random intercept, REML; a random slope was tried but its covariance is singular"
    )
    assert found.slope_variance is None


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_slopes_that_vary_less_than_chance_are_left_out(seed: int) -> None:
    found = growth_model(invented_people(people=25, weeks=4, slope_sd=0, seed=seed))

    assert found.method.endswith("covariance is singular")


def test_scores_too_far_apart_for_a_search_are_refused() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    apart = frame["person"].str[-1].astype(float) ** 2 * 1e4

    with pytest.raises(ValueError, match="did not converge: show the paired change instead"):
        growth_model(frame.assign(score=frame["score"] + apart))


def test_slopes_need_three_scores_from_a_person() -> None:
    frame = invented_people(people=25, weeks=4, slope_sd=1, seed=4)
    two_each = frame.groupby("person").sample(2, random_state=1)

    found = growth_model(two_each)

    assert found.method.startswith("random intercept, REML; a random slope needs three scores")


def test_people_who_do_not_differ_are_fitted_as_least_squares_and_it_says_so() -> None:
    frame = pd.DataFrame(
        {
            "person": [1, 1, 1, 2, 2, 2, 3, 3, 3],
            "week": [0, 1, 2] * 3,
            "score": [5, 6, 10, 6, 8, 7, 7, 5, 9],
        }
    )
    found = growth_model(frame)

    line = stats.linregress(frame["week"], frame["score"])
    assert found.intercept_variance == 0
    assert (found.slope, found.slope_se) == pytest.approx((line.slope, line.stderr))
    assert found.method.startswith("random intercept, REML; people differ no more than by chance")


def growth_or_refusal(frame: pd.DataFrame, random_slope: bool) -> dict[str, Any] | str:
    try:
        return asdict(growth_model(frame, random_slope))
    except ValueError as error:
        return str(error)


def test_no_warning_escapes_whatever_the_scores() -> None:
    chance = np.random.default_rng(2)
    fitted = 0
    for case in range(16):
        rows = chance.integers(1, 60)
        frame = pd.DataFrame(
            {
                "person": chance.integers(0, 22, rows),
                "week": chance.choice([0, 4, 8, 1e6], rows),
                "score": chance.integers(0, chance.integers(1, 20), rows) * 1e-6,
            }
        )
        found = growth_or_refusal(frame, random_slope=case % 2 == 0)
        if isinstance(found, str):
            assert found.endswith(".")
        else:
            fitted += 1
            assert all(math.isfinite(v) for v in found.values() if isinstance(v, float))
    assert fitted > 7


# --- Shapes and refusals --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (PairedChange, "n mean_change sd_change ci_low ci_high t p r d_z d_av d_pre g_av"),
        (ReliableChange, "sem s_diff points"),
        (ClinicalCutoffs, "a b c"),
        (Interval, "low high"),
        (
            GrowthModel,
            (
                "intercept slope intercept_se slope_se residual_variance intercept_variance "
                "slope_variance covariance log_likelihood people scores method"
            ),
        ),
    ],
)
def test_results_have_the_promised_fields(kind: Any, names: str) -> None:
    # Others may follow; those promised keep their names and their order.
    found = [field.name for field in fields(kind)]
    assert found[: len(names.split())] == names.split()


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        wilson_interval(1, 2).low = 0.5  # type: ignore[misc]


def growth(**columns: list[Any]) -> Callable[[], GrowthModel]:
    return lambda: growth_model(pd.DataFrame(columns))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: paired_change([1, 2, 3], [1, 2]), "one score each from the same people"),
        (lambda: paired_change([1], [2]), "at least two people"),
        (lambda: paired_change([], []), "at least two people"),
        (lambda: paired_change([1, math.nan], [1, 2]), "Every score before must be a number"),
        (lambda: paired_change([1, 2], [1, math.inf]), "Every score after must be a number"),
        (lambda: paired_change([1, None], [1, 2]), "must be a number"),  # type: ignore[list-item]
        (lambda: paired_change([1, "2"], [1, 2]), "must be a number"),  # type: ignore[list-item]
        (lambda: paired_change(pd.array([1, None], dtype="Int64"), [1, 2]), "must be a number"),
        (lambda: reliable_change(-1, 0.8), "cannot be negative"),
        (lambda: reliable_change(5, 1.1), "between 0 and 1"),
        (lambda: reliable_change(5, -0.1), "between 0 and 1"),
        (lambda: reliable_change(5, math.nan), "must be a number"),
        (lambda: reliable_change(5, 0.8, criterion=0), "more than 0"),
        (lambda: clinical_cutoffs(40, -1, 60, 5), "cannot be negative"),
        (lambda: clinical_cutoffs(40, 5, 40, 5), "must differ"),
        (lambda: clinical_cutoffs(40, 0, 60, 0), "more than 0"),
        (lambda: clinical_cutoffs(40, 5, math.inf, 5), "must be a number"),
        (lambda: classify_change(1, 2, -1), "cannot be negative"),
        (lambda: classify_change(math.nan, 2, 1), "must be a number"),
        (lambda: classify_change(1, 9, 1, cutoff=math.nan), "must be a number"),
        (lambda: classify_change(1, 1, 1, cutoff=math.nan), "must be a number"),
        (lambda: paired_change(pd.DataFrame({"a": [1, 2]}), [1, 2]), "not in a table"),
        (lambda: paired_change(None, [1, 2]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: wilson_interval(3, 2), "cannot exceed"),
        (lambda: wilson_interval(10**400, 10**401), "larger than anything"),
        (lambda: wilson_interval(1, 5, "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(0, 0), "at least one person"),
        (lambda: wilson_interval(-1, 5), "whole number"),
        (lambda: wilson_interval(1.5, 5), "whole number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(1, math.nan), "whole number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(1, 5, confidence=1), "between 0 and 1"),
        (lambda: wilson_interval(1, 5, confidence=0), "between 0 and 1"),
        (lambda: mcnemar_exact(-1, 5), "whole number"),
        (lambda: mcnemar_exact(1, 2.5), "whole number"),  # type: ignore[arg-type]
        (lambda: cronbach_alpha([[1], [2]]), "at least two items"),
        (lambda: cronbach_alpha([[1, 2]]), "at least two people"),
        (lambda: cronbach_alpha([[1, 2], [3]]), "same items"),
        (lambda: cronbach_alpha(pd.DataFrame([[1, 2], [3, None]])), "leave incomplete forms out"),
        (lambda: cronbach_alpha([[1, 2], [3, math.nan]]), "leave incomplete forms out"),
        (lambda: cronbach_alpha([[0.1, 0.2], [0.2, 0.1]]), "same total"),
        (lambda: cronbach_alpha([1, 2, 3]), "must stand in a list"),  # type: ignore[list-item]
        (lambda: growth_model([1, 2]), "called person, week and score"),  # type: ignore[arg-type]
        (lambda: kaplan_meier([1, 2], [pd.NA, True]), "yes or no"),  # type: ignore[list-item]
        (lambda: kaplan_meier(None, [True]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: control_limits(None, [1]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: funnel(None, [1]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: funnel_limits(0.5, 10, "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: shrink([1], [2], "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: waits(None), "must stand in a list"),  # type: ignore[arg-type]
        (growth(person=[[1], [1], [2]], week=[0, 1, 0], score=[1, 2, 3]), "number or by letters"),
        (growth(person=[1, 2], week=[0, 1]), "called person, week and score"),
        (growth(person=[1, 1, None], week=[0, 1, 2], score=[1, 2, 3]), "belong to a person"),
        (growth(person=[1, 1, 2], week=[0, 1, 2], score=[1, 2, math.nan]), "Every score must"),
        (growth(person=[1, 1, 2], week=[0, None, 2], score=[1, 2, 3]), "Every week must"),
        (growth(person=[1, 1, 2], week=["a", "b", "c"], score=[1, 2, 3]), "Every week must"),
        (growth(person=[1, 1, 1], week=[0, 1, 2], score=[1, 2, 4]), "at least two people"),
        (growth(person=[], week=[], score=[]), "at least two people"),
        (growth(person=[1, 1, 2, 2], week=[0, 0, 5, 5], score=[1, 2, 3, 5]), "at least two weeks"),
        (growth(person=[1, 1, 2], week=[0, 1, 0], score=[1, 2, 4]), "at least two scores"),
        (growth(person=[1, 1, 2, 2], week=[0, 1, 0, 1], score=[1, 2, 4, 5]), "parallel lines"),
        (growth(person=[1, 1, 2, 2], week=[0, 1, 0, 1], score=[3, 3, 3, 3]), "parallel lines"),
    ],
)
def test_bad_input_is_answered_with_a_plain_sentence(
    call: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert str(caught.value).endswith(".")


def test_importing_the_module_does_not_load_the_slow_libraries() -> None:
    code = "import sys, services.statistics; print({'scipy', 'statsmodels'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
