"""Several measures of one person, by the rule of NHS Talking Therapies and of CORC."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics import Taken, taken_together

score = st.integers(0, 21)


def phq9(before: float, after: float) -> Taken:
    return Taken(
        before=before, after=after, points=6, cutoff=10, higher_is_better=False, inclusive=True
    )


def gad7(before: float, after: float) -> Taken:
    return Taken(
        before=before, after=after, points=4, cutoff=8, higher_is_better=False, inclusive=True
    )


@pytest.mark.parametrize(
    ("low_mood", "worry", "was_case", "recovered", "change"),
    [
        ((15, 9), (14, 7), True, True, "improved"),
        # Both below at the end, but PHQ-9 fell by 5 and GAD-7 by 3: recovered, not reliably.
        ((12, 7), (9, 6), True, True, "unchanged"),
        ((10, 9), (7, 7), True, True, "unchanged"),
        ((9, 8), (8, 7), True, True, "unchanged"),
        ((9, 3), (7, 3), False, False, "improved"),
        # One at its cut-off still is a case still.
        ((15, 9), (14, 8), True, False, "improved"),
        ((15, 9), (9, 13), True, False, "unchanged"),
        ((15, 15), (9, 13), True, False, "deteriorated"),
        ((5, 11), (7, 7), False, False, "deteriorated"),
        ((15, 10), (14, 11), True, False, "unchanged"),
    ],
)
def test_the_nhs_rule_for_the_pair(
    low_mood: tuple[int, int],
    worry: tuple[int, int],
    was_case: bool,
    recovered: bool,
    change: str,
) -> None:
    found = taken_together([phq9(*low_mood), gad7(*worry)])

    assert (found.was_case, found.recovered, found.change) == (was_case, recovered, change)
    assert found.reliably_recovered == (recovered and change == "improved")


def test_without_a_cut_off_nobody_is_a_case_or_recovers() -> None:
    found = taken_together([Taken(before=2, after=9, points=3)])

    assert (found.was_case, found.recovered, found.change) == (False, False, "improved")


@given(measures=st.lists(st.tuples(score, score), min_size=1, max_size=5))
def test_the_order_of_the_measures_and_of_time_have_the_sense_they_should(
    measures: list[tuple[int, int]],
) -> None:
    there = taken_together([gad7(*one) for one in measures])
    back = taken_together([gad7(after, before) for before, after in measures])

    assert taken_together([gad7(*one) for one in reversed(measures)]) == there
    assert (back.was_case, back.is_case) == (there.is_case, there.was_case)
    turned = {"improved": "deteriorated", "deteriorated": "improved", "unchanged": "unchanged"}
    assert back.change == turned[there.change]
    assert not (there.recovered and back.recovered)


@pytest.mark.parametrize(
    ("measures", "sentence"),
    [
        ([], "at least one"),
        ([Taken(before=math.nan, after=1, points=1)], "The score before must be a number"),
        ([Taken(before=1, after=1, points=-1)], "cannot be negative"),
        ([Taken(before=1, after=1, points=1, cutoff=math.inf)], "The cut-off must be a number"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(measures: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        taken_together(measures)
