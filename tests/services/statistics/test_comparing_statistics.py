"""Funnel limits, shrinkage and the design effect: against published figures and by simulation."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from services.statistics import (
    INNER,
    OUTER,
    Clusters,
    design_effect,
    funnel,
    funnel_limits,
    shrink,
)

# 71 groups of rats, those with a tumour of all (Tarone 1982; Gelman and others, Bayesian Data
# Analysis, table 5.1).
NO_TUMOUR = (20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17)
SOME = (
    "1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 "
    "5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20 4/20 4/20 "
    "4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 "
    "15/47 15/46 9/24 4/14"
)
RATS = [(0, n) for n in NO_TUMOUR] + [
    (int(x), int(n)) for x, n in (one.split("/") for one in SOME.split())
]
SHARES = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda two: (min(two), two[1]))


def test_the_mean_of_the_rats_is_the_published_one() -> None:
    """Published: a beta distribution of about 2.4 and 14.3, so a mean of 0.144."""
    found = shrink([x for x, _n in RATS], [n for _x, n in RATS])

    assert len(RATS) == 71
    assert found.centre == pytest.approx(2.4 / (2.4 + 14.3), abs=0.003)
    assert 10 < 1 / found.scatter - 1 < 25
    # The last group, 4 of 14: published as 0.2 to 0.22 by the two ways worked through there.
    assert found.units[-1].share == pytest.approx(0.21, abs=0.015)
    assert found.units[-1].low < 4 / 14 < found.units[-1].high


def test_units_alike_have_one_share() -> None:
    found = shrink([8, 16, 24], [10, 20, 30])

    assert found.scatter == 0
    assert {one.share for one in found.units} == {0.8}
    assert found.units[0].low < 0.8 < found.units[0].high


def test_a_small_unit_moves_further_than_a_large_one() -> None:
    found = shrink([2, 60, 10, 30, 90], [2, 100, 40, 100, 100])

    small, large = found.units[0], found.units[1]
    assert 1 - small.share > abs(0.6 - large.share)
    assert small.high - small.low > large.high - large.low


def test_the_scatter_of_true_shares_is_recovered() -> None:
    chance = Random(7)
    a, b = 6.0, 2.0
    found = [shrink(*_drawn(chance, a, b, 80)) for _again in range(150)]

    assert sum(one.scatter for one in found) / 150 == pytest.approx(1 / (a + b + 1), abs=0.012)
    assert sum(one.centre for one in found) / 150 == pytest.approx(a / (a + b), abs=0.01)


def test_intervals_of_shrunk_shares_hold_the_truth_as_often_as_they_say() -> None:
    chance = Random(11)
    inside = total = 0
    for _again in range(60):
        true = [chance.betavariate(6, 2) for _unit in range(60)]
        sizes = [chance.randint(5, 40) for _unit in true]
        counts = [_binomial(chance, n, p) for n, p in zip(sizes, true, strict=True)]
        units = shrink(counts, sizes).units
        inside += sum(one.low <= p <= one.high for one, p in zip(units, true, strict=True))
        total += len(units)

    assert inside / total == pytest.approx(0.95, abs=0.02)


def test_shrinking_brings_shares_nearer_to_the_truth() -> None:
    chance = Random(3)
    true = [chance.betavariate(6, 2) for _unit in range(400)]
    sizes = [chance.randint(4, 15) for _unit in true]
    counts = [_binomial(chance, n, p) for n, p in zip(sizes, true, strict=True)]
    drawn = shrink(counts, sizes).units

    by_count = sum((x / n - p) ** 2 for x, n, p in zip(counts, sizes, true, strict=True))
    assert sum((one.share - p) ** 2 for one, p in zip(drawn, true, strict=True)) < by_count * 0.8


@given(st.lists(SHARES, min_size=1, max_size=12))
def test_a_shrunk_share_lies_between_its_own_and_the_centre(units: list[tuple[int, int]]) -> None:
    found = shrink([x for x, _n in units], [n for _x, n in units])

    for (x, n), one in zip(units, found.units, strict=True):
        low, high = sorted((x / n, found.centre))
        assert low - 1e-9 <= one.share <= high + 1e-9 or found.scatter == 0
        assert 0 <= one.low <= one.high <= 1


@given(st.lists(SHARES, min_size=1, max_size=12))
def test_a_funnel_judges_by_the_exact_tail(units: list[tuple[int, int]]) -> None:
    found = funnel([x for x, _n in units], [n for _x, n in units])

    for (x, n), place in zip(units, found.places, strict=True):
        tail = min(binom.cdf(x, n, found.centre), binom.sf(x - 1, n, found.centre))
        if math.isclose(tail, 0.025, rel_tol=1e-6) or math.isclose(tail, 0.001, rel_tol=1e-6):
            continue
        assert (place == "within") == (tail >= 0.025 or found.centre in (0, 1))
        assert (place in ("above", "below")) == (tail < 0.001 and found.centre not in (0, 1))


def test_everybody_there_in_a_small_group_is_chance() -> None:
    assert funnel([5, 300], [5, 400]).places == ("within", "within")
    assert funnel([48, 300], [48, 420]).places[0] == "above"


@pytest.mark.parametrize(("centre", "size"), [(0.75, 100), (0.5, 9), (0.1, 30), (0.98, 12)])
def test_drawn_limits_lie_within_one_count_of_the_exact_ones(centre: float, size: int) -> None:
    for within in (INNER, OUTER):
        found = funnel_limits(centre, size, within)
        low, high = binom.ppf([(1 - within) / 2, (1 + within) / 2], size, centre)
        assert low - 1 <= found.low * size <= low
        assert high - 1 <= found.high * size <= high


def test_limits_narrow_with_size_and_hold_as_many_as_they_say() -> None:
    widths = [_width(0.7, n) for n in (5, 20, 80, 320)]
    assert widths == sorted(widths, reverse=True)

    chance = Random(5)
    counts = [_binomial(chance, 40, 0.7) for _unit in range(4_000)]
    places = funnel(counts, [40] * 4_000).places
    assert sum(one == "within" for one in places) / 4_000 >= 0.95
    assert sum(one in ("above", "below") for one in places) / 4_000 <= 0.004


def test_alike_marks_of_one_person_count_as_one() -> None:
    """Everybody has four marks, all alike: four marks are one person."""
    people = [4] * 12 + [0] * 8
    assert design_effect([_clusters(people, [4] * 20)]) == pytest.approx(4 * 20 / 19)


def test_independent_marks_count_each() -> None:
    chance = Random(2)
    units = [
        _clusters([_binomial(chance, 8, 0.7) for _p in range(30)], [8] * 30) for _u in range(40)
    ]
    assert design_effect(units) == pytest.approx(1.0, abs=0.12)


def test_nothing_to_learn_about_scatter_leaves_counts_as_they_are() -> None:
    assert design_effect([]) == 1.0
    assert design_effect([_clusters([3], [4]), _clusters([5, 5], [5, 5])]) == 1.0


@pytest.mark.parametrize(
    ("counts", "sizes"), [([], []), ([1], [1, 2]), ([1], [0]), ([3], [2]), ([math.nan], [2])]
)
def test_what_cannot_be_compared_is_said(counts: list[float], sizes: list[float]) -> None:
    for compare in (funnel, shrink):
        with pytest.raises(ValueError, match=r"\.$"):
            compare(counts, sizes)


def test_limits_and_confidence_out_of_range_are_said() -> None:
    for centre, size, within in ((1.2, 5, 0.95), (0.5, 0, 0.95), (0.5, 5, 1.0)):
        with pytest.raises(ValueError, match=r"\.$"):
            funnel_limits(centre, size, within)
    with pytest.raises(ValueError, match="confidence"):
        shrink([1], [2], confidence=1.0)
    with pytest.raises(ValueError, match="exceed"):
        design_effect([Clusters(2, 5, 4, 25, 20, 16)])


def _width(centre: float, size: int) -> float:
    found = funnel_limits(centre, size, OUTER)
    return found.high - found.low


def _drawn(chance: Random, a: float, b: float, units: int) -> tuple[list[int], list[int]]:
    sizes = [chance.randint(5, 40) for _unit in range(units)]
    return [_binomial(chance, n, chance.betavariate(a, b)) for n in sizes], sizes


def _binomial(chance: Random, n: int, p: float) -> int:
    return sum(chance.random() < p for _draw in range(n))


def _clusters(counts: list[int], sizes: list[int]) -> Clusters:
    both = list(zip(counts, sizes, strict=True))
    return Clusters(
        people=len(both),
        counts=sum(counts),
        sizes=sum(sizes),
        counts_squared=sum(x * x for x, _n in both),
        products=sum(x * n for x, n in both),
        sizes_squared=sum(n * n for _x, n in both),
    )
