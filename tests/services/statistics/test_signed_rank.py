"""Signed ranks: against figures in print, against counting every way, and by what must hold."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import signed_rank

# A scale of depression at two visits of nine people (Hollander and Wolfe 1973, page 29).
FIRST_VISIT = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
SECOND_VISIT = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Heights of crossed over self-fertilised maize in eighths of an inch (Darwin 1876).
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]

changes = st.lists(st.integers(-4, 4), min_size=1, max_size=11)


def test_figures_are_those_in_print() -> None:
    visits = signed_rank(FIRST_VISIT, SECOND_VISIT, higher_is_better=False)
    assert (visits.rank_sum, visits.p) == (40, pytest.approx(0.0390625))
    maize = signed_rank([0] * 15, MAIZE)
    assert (maize.rank_sum, maize.p) == (96, pytest.approx(0.041259765625))
    assert (maize.better, maize.worse, maize.same, maize.exact) == (13, 2, 0, True)


@given(changes=changes)
def test_p_is_the_share_of_all_ways_the_signs_could_have_fallen(changes: list[int]) -> None:
    found = signed_rank([0] * len(changes), changes)

    ranks = stats.rankdata([abs(one) for one in changes if one])
    middle = ranks.sum() / 2
    sums = [float(np.dot(signs, ranks)) for signs in product((0, 1), repeat=len(ranks))]
    as_far = sum(abs(one - middle) >= abs(found.rank_sum - middle) for one in sums)
    assert found.p == pytest.approx(as_far / len(sums))
    assert found.same == changes.count(0)


@given(changes=st.lists(st.integers(-9, 9), min_size=51, max_size=120).filter(any))
def test_for_many_it_agrees_with_scipy(changes: list[int]) -> None:
    found = signed_rank([0] * len(changes), changes)

    if not found.exact:
        other = stats.wilcoxon(changes, method="asymptotic", correction=True)
        assert found.p == pytest.approx(other.pvalue)


@given(changes=st.lists(st.integers(-9, 9), min_size=1, max_size=80))
def test_turning_the_measure_about_mirrors_better_and_worse(changes: list[int]) -> None:
    up = signed_rank([0] * len(changes), changes)
    down = signed_rank([0] * len(changes), changes, higher_is_better=False)

    assert (up.better, up.worse, up.same) == (down.worse, down.better, down.same)
    assert up.p == pytest.approx(down.p)
    assert 0 < up.p <= 1


def test_rounding_makes_neither_a_change_nor_an_order() -> None:
    found = signed_rank([0.3, 0.1, 1.1], [0.1 + 0.2, 0.3, 1.3])

    assert (found.better, found.same, found.rank_sum) == (2, 1, 3)


@pytest.mark.parametrize("pairs", [[(4, 4)], [(2, 2)] * 30])
def test_where_nobody_changes_there_is_nothing_to_tell(pairs: list[tuple[int, int]]) -> None:
    before, after = zip(*pairs, strict=True)
    found = signed_rank(before, after)

    assert (found.better, found.worse, found.p) == (0, 0, 1)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([], [], "at least one person"),
        ([1, 2], [1], "one score each"),
        ([None], [1], "Every score before must be a number"),
        ([1], [math.nan], "Every score after must be a number"),
        ([1], [math.inf], "Every score after must be a number"),
        ([1], ["2"], "Every score after must be a number"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(before: Any, after: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        signed_rank(before, after)


def test_without_change_it_speaks_of_one_no_more_often_than_it_claims() -> None:
    draw = np.random.default_rng(22)
    found = [signed_rank([0.0] * 12, row.tolist()).p for row in draw.normal(size=(1000, 12))]

    assert 0.03 < np.mean([p <= 0.05 for p in found]) < 0.065
