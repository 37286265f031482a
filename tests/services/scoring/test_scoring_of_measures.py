"""Scores and bands of single measures, against keys and scores that are published."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.measure_definition import Measure
from services.scoring import Score, band, score, sdq_added_value
from tests.services.scoring.keys import (
    CALM,
    MOST_MISSING,
    REVERSED,
    Answers,
    every,
    scorable,
    summing_to,
    turned,
)

SDQ_SCALES = {
    "emotional": {3, 8, 13, 16, 24},
    "conduct": {5, 7, 12, 18, 22},
    "hyperactivity": {2, 10, 15, 21, 25},
    "peer": {6, 11, 14, 19, 23},
    "prosocial": {1, 4, 9, 17, 20},
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


# --- Adults ------------------------------------------------------------------------------


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


# --- Children ----------------------------------------------------------------------------


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


# --- Lines of ten centimetres ------------------------------------------------------------


def test_lines_are_measured_to_one_decimal_and_added_exactly() -> None:
    assert score("ors", {1: 0.1, 2: 0.2, 3: 0.1 + 0.2, 4: 9.9}).total == 10.5


@pytest.mark.parametrize(("last", "label"), [(9.3, "Worth talking about"), (9.4, "Going well")])
def test_a_session_below_36_is_worth_talking_about(last: float, label: str) -> None:
    assert score("srs", {1: 9.0, 2: 8.8, 3: 8.8, 4: last}).band == label


def _sdq_total(total: int) -> Answers:
    """A form with this total: everything at its best, then one point more at a time."""
    worth: Answers = dict.fromkeys(range(1, 26), 0)
    for number in range(1, 26):
        if number not in SDQ_SCALES["prosocial"]:
            points = min(2, total)
            worth[number] = points
            total -= points
    return turned("sdq", worth)
