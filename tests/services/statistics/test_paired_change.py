"""Change from start to end against published tables, simulation and its own symmetries."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import PairedChange, paired_change

# Hours of sleep gained on two drugs by the same ten people (Student 1908).
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

scores = st.integers(min_value=0, max_value=40).map(float)
pairs = st.lists(st.tuples(scores, scores), min_size=2, max_size=30)


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
