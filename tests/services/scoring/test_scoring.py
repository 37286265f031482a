"""Rules that hold for every measure: missing answers, ranges, rounding, alerts, refusals."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.measure_definition import Measure
from services.scoring import risks_raised, score
from tests.services.scoring.keys import (
    CALM,
    LIBRARY,
    MOST_MISSING,
    REVERSED,
    SHAPES,
    Answers,
    every,
    scorable,
    summing_to,
    turned,
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Measure, Answers]:
    """A measure and a form that may have gaps: None, or left out altogether."""
    key = draw(st.sampled_from(list(SHAPES)))
    items, low, high, *_ = SHAPES[key]
    answer = st.one_of(st.none(), *[st.integers(low, high)] * 6)
    given_answers = draw(st.lists(answer, min_size=items * 2 // 3, max_size=items))
    return LIBRARY[key], dict(enumerate(given_answers, start=1))


# --- Every measure -----------------------------------------------------------------------


def test_every_measure_has_a_shape_written_down_here() -> None:
    assert set(LIBRARY) == set(SHAPES)


@pytest.mark.parametrize("key", SHAPES)
def test_the_extreme_answers_give_the_extreme_totals(key: str) -> None:
    _, low, high, least, most = SHAPES[key]

    assert score(key, turned(key, every(key, low))).total == least
    assert score(key, turned(key, every(key, high))).total == most


@pytest.mark.parametrize("key", SHAPES)
def test_an_empty_form_is_not_scored(key: str) -> None:
    nothing = score(key, {})

    assert nothing.total is None
    assert nothing.band is None
    assert not nothing.scored
    assert nothing.missing == SHAPES[key][0]
    assert set(nothing.subscales.values()) <= {None}


@pytest.mark.parametrize(("key", "allowed"), list(MOST_MISSING.items()))
def test_a_total_needs_all_but_the_allowed_number_of_answers(key: str, allowed: int) -> None:
    answers = every(key, SHAPES[key][1])
    enough = {n: v for n, v in answers.items() if n > allowed}
    too_few = {n: v for n, v in answers.items() if n > allowed + 1}

    assert score(key, enough).scored
    assert score(key, enough).missing == allowed
    assert not score(key, too_few).scored
    assert score(key, too_few).total is None


@pytest.mark.parametrize(
    ("key", "at_least"),
    [
        ("sdq", [3, 3, 3, 3, 3]),
        ("parq_short", [7, 5, 5, 4]),  # at most 20% missing: 1 of 8, 1 of 6, none of 4
        ("cprs_short", [7, 6]),
        ("pacs", [8, 8]),
        ("mmf", [8, 5]),
        ("steps", [1] * 8),
    ],
)
def test_a_subscale_needs_enough_of_its_own_answers(key: str, at_least: list[int]) -> None:
    form, low = LIBRARY[key], SHAPES[key][1]
    for subscale, needed in zip(form.subscales, at_least, strict=True):
        items = form.items_in(subscale.key)
        enough: Answers = dict.fromkeys(items[:needed], low)
        too_few: Answers = dict.fromkeys(items[: needed - 1], low)
        assert score(key, enough).subscales[subscale.key] is not None
        assert score(key, too_few).subscales[subscale.key] is None


@CALM
@given(forms())
def test_none_and_left_out_are_the_same(form: tuple[Measure, Answers]) -> None:
    measure, answers = form
    told = {number: value for number, value in answers.items() if value is not None}

    assert score(measure.key, answers) == score(measure.key, told)
    assert score(measure.key, answers).missing == len(measure.items) - len(told)


@CALM
@given(forms())
def test_scores_stay_in_their_range_and_have_their_band(form: tuple[Measure, Answers]) -> None:
    measure, answers = form

    found = score(measure.key, answers)

    if found.total is not None:
        assert measure.range is not None
        assert measure.range.low <= found.total <= measure.range.high
        assert found.scored
    assert (found.band is not None) == (bool(measure.bands) and found.total is not None)
    for subscale in measure.subscales:
        value = found.subscales[subscale.key]
        assert value is None or subscale.range.low <= value <= subscale.range.high


@CALM
@given(scorable((*MOST_MISSING, "sdq")), st.data())
def test_a_higher_answer_moves_the_total_one_way_only(
    form: tuple[Measure, Answers], data: st.DataObject
) -> None:
    measure, answers = form
    number = data.draw(st.sampled_from(sorted(answers)))
    low, high = sorted(data.draw(st.tuples(*[st.integers(*SHAPES[measure.key][1:3])] * 2)))

    before = score(measure.key, answers | {number: low}).total
    after = score(measure.key, answers | {number: high}).total

    assert before is not None
    assert after is not None
    if number in REVERSED.get(measure.key, set()):
        before, after = after, before
    assert before <= after


@CALM
@given(scorable(("phq9", "gad7", "core10", "ypcore", "wemwbs", "rosenberg", "pacs", "eesc")))
def test_a_total_is_the_mean_answer_times_the_items_rounded_half_up(
    form: tuple[Measure, Answers],
) -> None:
    measure, answers = form
    values = [Fraction(v) for v in turned(measure.key, answers).values() if v is not None]

    twice = 2 * sum(values) * len(measure.items) / len(values)

    assert score(measure.key, answers).total == (twice + 1) // 2


@CALM
@given(forms())
def test_the_order_of_the_answers_does_not_matter(form: tuple[Measure, Answers]) -> None:
    measure, answers = form

    assert score(measure.key, dict(reversed(answers.items()))) == score(measure.key, answers)


@pytest.mark.parametrize(
    ("key", "total", "answered", "estimated"),
    [
        ("phq9", 4, 8, 5),  # 4 / 8 x 9 = 4.5, which Python's round() makes 4
        ("gad7", 3, 6, 4),  # 3 / 6 x 7 = 3.5
        ("bpses", 10, 4, 13),  # 10 / 4 x 5 = 12.5
        ("bpses", 14, 4, 18),  # 14 / 4 x 5 = 17.5
        ("wemwbs", 31, 12, 36),  # 31 / 12 x 14 = 36.17
    ],
)
def test_an_estimated_total_ending_in_a_half_is_rounded_up(
    key: str, total: int, answered: int, estimated: int
) -> None:
    assert score(key, summing_to(key, total, answered)).total == estimated


@pytest.mark.parametrize("key", SHAPES)
def test_numbers_from_a_data_frame_score_like_any_other(key: str) -> None:
    _, low, *_ = SHAPES[key]

    column = pd.Series(every(key, low), dtype="int64")

    assert score(key, {n: column.loc[n] for n in column.index}) == score(key, every(key, low))
    assert score(key, every(key, float(low))) == score(key, every(key, low))


# --- Answers that ask for action ---------------------------------------------------------


@pytest.mark.parametrize(("key", "number"), [("phq9", 9), ("core10", 6), ("ypcore", 4)])
def test_any_answer_above_nothing_on_the_risk_item_is_raised(key: str, number: int) -> None:
    assert risks_raised(key, {number: 0}) == ()
    assert risks_raised(key, {}) == ()
    assert [risk.number for risk in risks_raised(key, {number: 1})] == [number]


def test_no_other_item_raises_a_risk() -> None:
    assert risks_raised("phq9", every("phq9", 3) | {9: None}) == ()
    assert risks_raised("gad7", every("gad7", 3)) == ()


# --- What cannot be scored ---------------------------------------------------------------


@pytest.mark.parametrize("value", [-1, 4, 1.5, True, "2", float("nan"), float("inf"), 10**400, 1j])
def test_an_impossible_answer_is_refused_by_its_item(value: float) -> None:
    with pytest.raises(ValueError, match="PHQ-9 item 3 must be a whole number from 0 to 3, not"):
        score("phq9", {3: value})


@pytest.mark.parametrize("value", [7.25, 10.1, -0.1, True])
def test_a_line_measured_too_finely_or_too_long_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="ORS item 2 must be a number with at most one decimal"):
        score("ors", {2: value})


@pytest.mark.parametrize("number", [0, 10, "1", True, None])
def test_an_item_that_is_not_on_the_form_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"PHQ-9 has no item .*; its items are 1 to 9"):
        score("phq9", {number: 1})


def test_an_unknown_measure_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no measure called 'phq'.*phq9"):
        score("phq", {})


def test_an_unknown_order_or_respondent_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Rosenberg has no order 'newest'.*1965, alternative"):
        score("rosenberg", {}, order="newest")
    with pytest.raises(ValueError, match="PHQ-9 has no order '1965'"):
        score("phq9", {}, order="1965")
    with pytest.raises(ValueError, match="PHQ-9 has no form for 'parent', only: self"):
        score("phq9", {}, respondent="parent")
