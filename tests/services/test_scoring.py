"""Scoring: every rule of domain §2.2 to §2.6, checked against keys written down here again."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.measures.measure_definition import Measure
from services.measures.measure_library import measures
from services.scoring import Score, band, risks_raised, score, sdq_added_value

Answers = dict[int, float | None]

LIBRARY = measures()
# A slow machine is not a fault in what is tested.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Items, lowest and highest answer, lowest and highest total (domain §2.2).
SHAPES = {
    "phq9": (9, 0, 3, 0, 27),
    "gad7": (7, 0, 3, 0, 21),
    "core10": (10, 0, 4, 0, 40),
    "ypcore": (10, 0, 4, 0, 40),
    "wemwbs": (14, 1, 5, 14, 70),
    "swemwbs": (7, 1, 5, 7, 35),
    "rosenberg": (10, 0, 3, 0, 30),
    "sdq": (25, 0, 2, 0, 40),
    "sdq_impact": (5, 0, 3, 0, 10),
    "ors": (4, 0, 10, 0, 40),
    "cors": (4, 0, 10, 0, 40),
    "srs": (4, 0, 10, 0, 40),
    "csrs": (4, 0, 10, 0, 40),
    "gsrs": (4, 0, 10, 0, 40),
    "my_star": (8, 1, 5, 1, 5),
    "empowerment_star": (9, 1, 5, 1, 5),
    "kidscreen10": (10, 1, 5, 10, 50),
    "bpses": (5, 1, 5, 5, 25),
    "parq_short": (24, 1, 4, 24, 96),
    "cprs_short": (15, 1, 5, None, None),
    "pacs": (20, 1, 5, 20, 100),
    "pcc": (10, 1, 5, 1, 5),
    "pcp": (20, 1, 5, 1, 5),
    "eesc": (16, 1, 5, 16, 80),
    "mmf": (16, 0, 2, None, None),
    "gbo": (3, 0, 10, 0, 10),
    "steps": (8, 0, 4, 0, 4),
}
REVERSED = {
    "core10": {2, 3},
    "ypcore": {3, 5, 10},
    "rosenberg": {2, 5, 6, 8, 9},
    "sdq": {7, 11, 14, 21, 25},
    "kidscreen10": {3, 4},
    "parq_short": {1, 3, 9, 12, 13, 17, 19, 22, 24},
    "pacs": {2, 4, 5, 10, 11, 12, 15, 18, 19, 20},
    "mmf": {15},
}
SDQ_SCALES = {
    "emotional": {3, 8, 13, 16, 24},
    "conduct": {5, 7, 12, 18, 22},
    "hyperactivity": {2, 10, 15, 21, 25},
    "peer": {6, 11, 14, 19, 23},
    "prosocial": {1, 4, 9, 17, 20},
}
# How many answers may be missing before there is no total (domain §2.2, "Missing items").
MOST_MISSING = {
    "phq9": 1,
    "gad7": 1,
    "core10": 1,
    "ypcore": 1,
    "wemwbs": 3,
    "swemwbs": 0,
    "rosenberg": 2,
    "sdq_impact": 1,
    "ors": 0,
    "cors": 0,
    "srs": 0,
    "csrs": 0,
    "gsrs": 0,
    "my_star": 1,
    "empowerment_star": 1,
    "kidscreen10": 2,
    "bpses": 1,
    "parq_short": 4,
    "pacs": 4,
    "pcc": 2,
    "pcp": 4,
    "eesc": 3,
    "gbo": 2,
    "steps": 2,
}
METRIC = (  # domain §2.4, raw 7 to 35
    "7.00 9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25 "
    "19.98 20.73 21.54 22.35 23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00"
)
STRANDS = [
    "naming_feelings",
    "noticing_others",
    "telling_safe_adult",
    "asking_for_help",
    "listening_turns",
    "saying_no_safe",
    "words_when_upset",
    "hard_things_carer",
]


def every(key: str, value: float) -> Answers:
    """The same answer to each item of a measure."""
    return dict.fromkeys(range(1, SHAPES[key][0] + 1), value)


def summing_to(key: str, total: int, answered: int | None = None) -> Answers:
    """Answers to the first items that add up to a raw sum; the rest are left out."""
    items, low, high, *_ = SHAPES[key]
    numbers = range(1, (answered or items) + 1)
    answers: Answers = dict.fromkeys(numbers, low)
    left = total - low * len(numbers)
    for number in numbers:
        extra = min(left, high - low)
        answers[number] = low + extra
        left -= extra
    assert left == 0
    return answers


def turned(key: str, answers: Mapping[int, float | None]) -> Answers:
    """The same person's answers with the reversed items turned round by hand."""
    _, low, high, *_ = SHAPES[key]
    flip = REVERSED.get(key, set())
    return {
        number: low + high - value if number in flip and value is not None else value
        for number, value in answers.items()
    }


@st.composite
def forms(draw: st.DrawFn) -> tuple[Measure, Answers]:
    """A measure and a form that may have gaps: None, or left out altogether."""
    key = draw(st.sampled_from(list(SHAPES)))
    items, low, high, *_ = SHAPES[key]
    answer = st.one_of(st.none(), *[st.integers(low, high)] * 6)
    given_answers = draw(st.lists(answer, min_size=items * 2 // 3, max_size=items))
    return LIBRARY[key], dict(enumerate(given_answers, start=1))


@st.composite
def scorable(draw: st.DrawFn, keys: tuple[str, ...]) -> tuple[Measure, Answers]:
    """A measure and a form with no more gaps than its total allows."""
    key = draw(st.sampled_from(keys))
    items, low, high, *_ = SHAPES[key]
    most = MOST_MISSING.get(key, 0)
    gaps = draw(st.sets(st.integers(1, items), max_size=most))
    numbers = [number for number in range(1, items + 1) if number not in gaps]
    answers = st.fixed_dictionaries({number: st.integers(low, high) for number in numbers})
    return LIBRARY[key], dict(draw(answers))


# --- Every measure -------------------------------------------------------------------------


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


# --- Adults --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "edges"),
    [
        (
            "phq9",
            {
                "Minimal": (0, 4),
                "Mild": (5, 9),
                "Moderate": (10, 14),
                "Moderately severe": (15, 19),
                "Severe": (20, 27),
            },
        ),
        (
            "gad7",
            {"Minimal": (0, 4), "Mild": (5, 9), "Moderate": (10, 14), "Severe": (15, 21)},
        ),
        (
            "wemwbs",
            {
                "Low wellbeing": (14, 40),
                "Somewhat low wellbeing": (41, 44),
                "Medium or high wellbeing": (45, 70),
            },
        ),
    ],
)
def test_bands_change_at_the_published_scores(key: str, edges: dict[str, tuple[int, int]]) -> None:
    for label, scores in edges.items():
        for total in scores:
            assert score(key, summing_to(key, total)).band == label


def test_core_10_bands_change_at_the_published_scores() -> None:
    edges = {10: "Low", 11: "Mild", 14: "Mild", 15: "Moderate", 19: "Moderate"}
    edges |= {20: "Moderate to severe", 24: "Moderate to severe", 25: "Severe"}
    for total, label in edges.items():
        found = score("core10", turned("core10", summing_to("core10", total)))
        assert (found.total, found.band) == (total, label)


@pytest.mark.parametrize(("raw", "metric"), list(enumerate(METRIC.split(), start=7)))
def test_the_short_wellbeing_scale_is_converted_by_the_published_table(
    raw: int, metric: str
) -> None:
    assert score("swemwbs", summing_to("swemwbs", raw)).total == float(metric)


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (21, "Low wellbeing"),
        (22, "Medium wellbeing"),
        (30, "Medium wellbeing"),
        (31, "High wellbeing"),
    ],
)
def test_the_short_wellbeing_scale_is_banded_by_its_metric_score(raw: int, label: str) -> None:
    assert score("swemwbs", summing_to("swemwbs", raw)).band == label


@pytest.mark.parametrize("order", [None, "1965", "alternative"])
def test_self_esteem_is_15_for_all_agree_30_at_best_and_0_at_worst(order: str | None) -> None:
    flip = {3, 5, 8, 9, 10} if order == "alternative" else REVERSED["rosenberg"]
    best: Answers = {number: 0 if number in flip else 3 for number in range(1, 11)}
    worst: Answers = {number: 3 if number in flip else 0 for number in range(1, 11)}

    assert score("rosenberg", every("rosenberg", 2), order=order).total == 15
    assert score("rosenberg", best, order=order).total == 30
    assert score("rosenberg", worst, order=order).total == 0


def test_scoring_the_other_printing_in_the_wrong_order_gives_another_total() -> None:
    flip = {3, 5, 8, 9, 10}
    best: Answers = {number: 0 if number in flip else 3 for number in range(1, 11)}

    assert score("rosenberg", best).total == 18  # the trap of domain §2.3


@CALM
@given(st.lists(st.integers(0, 3), min_size=10, max_size=10))
def test_one_person_scores_the_same_on_both_printings(answers: list[int]) -> None:
    usual = dict(enumerate(answers, start=1))
    # The number printed on the other form, against the number of 1965.
    other = dict(zip(range(1, 11), (7, 3, 9, 4, 5, 10, 1, 8, 6, 2), strict=True))
    printed = {number: usual[same] for number, same in other.items()}

    assert score("rosenberg", printed, order="alternative") == score("rosenberg", usual)


@CALM
@given(scorable((*MOST_MISSING, "sdq")))
def test_a_total_added_up_elsewhere_has_the_same_band(form: tuple[Measure, Answers]) -> None:
    found = score(form[0].key, form[1])

    assert found.total is not None
    assert band(form[0].key, found.total) == found.band


# --- Children ------------------------------------------------------------------------------


@CALM
@given(st.lists(st.integers(0, 2), min_size=25, max_size=25))
def test_the_sdq_adds_its_items_by_the_true_form(values: list[int]) -> None:
    answers: Answers = dict(enumerate(values, start=1))
    worth = turned("sdq", answers)

    found = score("sdq", answers)

    by_hand = {
        scale: sum(worth[number] or 0 for number in numbers)
        for scale, numbers in SDQ_SCALES.items()
    }
    assert found.subscales == by_hand
    assert found.total == sum(by_hand.values()) - by_hand["prosocial"]


def test_a_sdq_scale_needs_three_of_its_five_answers() -> None:
    three = score("sdq", {3: 2, 8: 2, 13: 1})  # 5 / 3 x 5 = 8.33
    two = score("sdq", {3: 2, 8: 2})

    assert three.subscales["emotional"] == 8
    assert two.subscales["emotional"] is None


def test_an_estimated_sdq_scale_ending_in_a_half_is_rounded_up() -> None:
    assert score("sdq", {3: 1, 8: 1, 13: 0, 16: 0}).subscales["emotional"] == 3  # 2.5


def test_the_sdq_total_needs_the_four_difficulty_scales_and_not_kindness() -> None:
    full = every("sdq", 1)
    without_kindness = {n: v for n, v in full.items() if n not in SDQ_SCALES["prosocial"]}
    without_peers = {n: v for n, v in full.items() if n not in {6, 11, 14}}

    assert score("sdq", without_kindness).total == 20
    assert score("sdq", without_kindness).subscales["prosocial"] is None
    assert score("sdq", without_kindness).missing == 5
    assert score("sdq", without_peers).total is None
    assert not score("sdq", without_peers).scored


@pytest.mark.parametrize(
    ("respondent", "edges"),
    [
        (None, (13, 16, 19)),
        ("parent", (13, 16, 19)),
        ("self", (14, 17, 19)),
        ("practitioner", (11, 15, 18)),
    ],
)
def test_sdq_bands_depend_on_who_answered(
    respondent: str | None, edges: tuple[int, int, int]
) -> None:
    labels = ["Close to average", "Slightly raised", "High", "Very high"]
    for edge, (below, above) in zip(edges, pairwise(labels), strict=True):
        assert score("sdq", _sdq_total(edge), respondent=respondent).band == below
        assert score("sdq", _sdq_total(edge + 1), respondent=respondent).band == above


def test_the_four_answers_on_impact_count_nothing_nothing_one_and_two() -> None:
    assert [score("sdq_impact", every("sdq_impact", v)).total for v in range(4)] == [0, 0, 5, 10]


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        ({1: 1, 2: 1, 3: 0, 4: 0, 5: 0}, "Close to average"),
        ({1: 2, 2: 1, 3: 0, 4: 0, 5: 0}, "Slightly raised"),
        ({1: 3, 2: 1, 3: 0, 4: 0, 5: 0}, "High"),
        ({1: 3, 2: 2, 3: 0, 4: 0, 5: 0}, "Very high"),
    ],
)
def test_impact_has_its_own_bands(answers: Answers, label: str) -> None:
    assert score("sdq_impact", answers).band == label


def test_the_added_value_of_the_worked_case_is_exact() -> None:
    assert sdq_added_value(20, 4, 6, 15) == 2.3


@pytest.mark.parametrize("bad", [(41, 4, 6, 15), (20, 11, 6, 15), (20, 4, -1, 15), (20, 4, 6, 1.5)])
def test_added_value_refuses_scores_outside_their_range(bad: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 0 to"):
        sdq_added_value(*bad)


def test_steps_are_the_mean_of_the_strands_seen() -> None:
    found = score("steps", {1: 2, 2: 1, 3: 3, 4: 2, 5: None, 6: 2, 7: 1, 8: None})

    assert found.total == pytest.approx(11 / 6)
    assert list(found.subscales) == STRANDS
    assert found.subscales["telling_safe_adult"] == 3
    assert found.subscales["listening_turns"] is None
    assert found.band is None


def test_strands_are_kept_when_too_few_were_seen_for_a_total() -> None:
    found = score("steps", {1: 0, 2: 4})

    assert (found.total, found.scored, found.missing) == (None, False, 6)
    assert found.subscales["naming_feelings"] == 0
    assert found.subscales["noticing_others"] == 4


@pytest.mark.parametrize(
    ("answers", "total"),
    [({1: 0}, 0), ({2: 7}, 7), ({1: 3, 2: 6}, 4.5), ({1: 1, 2: 2, 3: 4}, 7 / 3)],
)
def test_goals_are_the_mean_of_those_rated(answers: Answers, total: float) -> None:
    assert score("gbo", answers).total == pytest.approx(total)


def test_two_scales_that_are_never_added_have_no_total() -> None:
    answers = every("cprs_short", 3) | dict.fromkeys((2, 4, 8, 10, 11, 12, 13, 14), 1)

    found = score("cprs_short", answers)

    assert found.total is None
    assert found.scored
    assert found.subscales == {"conflict": 8, "closeness": 21}


def test_a_form_without_a_total_is_scored_only_with_all_its_scales() -> None:
    emotional_only = dict.fromkeys(range(1, 11), 1)

    found = score("mmf", emotional_only)

    assert not found.scored
    assert found.subscales == {"emotional": 10, "behavioural": None}


def test_feelings_items_one_to_ten_and_behaviour_items_eleven_to_sixteen() -> None:
    worst = turned("mmf", every("mmf", 2))

    assert score("mmf", worst).subscales == {"emotional": 20, "behavioural": 12}
    assert score("mmf", every("mmf", 2)).subscales == {"emotional": 20, "behavioural": 10}


def test_rejection_is_scored_on_its_four_scales() -> None:
    found = score("parq_short", turned("parq_short", every("parq_short", 4)))

    assert found.subscales == {"coldness": 32, "hostility": 24, "indifference": 24, "rejection": 16}


def test_talk_between_parent_and_teenager_turns_its_problem_items_round() -> None:
    found = score("pacs", turned("pacs", every("pacs", 5)))

    assert found == Score(100, {"openness": 50, "problems": 50}, None, 0, True)


# --- Lines of ten centimetres --------------------------------------------------------------


def test_lines_are_measured_to_one_decimal_and_added_exactly() -> None:
    assert score("ors", {1: 0.1, 2: 0.2, 3: 0.1 + 0.2, 4: 9.9}).total == 10.5


@pytest.mark.parametrize(("last", "label"), [(9.3, "Worth talking about"), (9.4, "Going well")])
def test_a_session_below_36_is_worth_talking_about(last: float, label: str) -> None:
    assert score("srs", {1: 9.0, 2: 8.8, 3: 8.8, 4: last}).band == label


# --- Answers that ask for action -----------------------------------------------------------


@pytest.mark.parametrize(("key", "number"), [("phq9", 9), ("core10", 6), ("ypcore", 4)])
def test_any_answer_above_nothing_on_the_risk_item_is_raised(key: str, number: int) -> None:
    assert risks_raised(key, {number: 0}) == ()
    assert risks_raised(key, {}) == ()
    assert [risk.number for risk in risks_raised(key, {number: 1})] == [number]


def test_no_other_item_raises_a_risk() -> None:
    assert risks_raised("phq9", every("phq9", 3) | {9: None}) == ()
    assert risks_raised("gad7", every("gad7", 3)) == ()


# --- What cannot be scored -----------------------------------------------------------------


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


def _sdq_total(total: int) -> Answers:
    """A form with this total: everything at its best, then one point more at a time."""
    worth: Answers = dict.fromkeys(range(1, 26), 0)
    for number in range(1, 26):
        if number not in SDQ_SCALES["prosocial"]:
            points = min(2, total)
            worth[number] = points
            total -= points
    return turned("sdq", worth)
