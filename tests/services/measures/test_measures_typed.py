"""A paper form typed in one line, in the order of its printing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import scoring
from services.errors import InvalidInputError
from services.measures.measure_draft import can_be_typed, turned_round, typed
from services.measures.measure_library import measure
from services.measures.measure_library import measures as every_measure


@given(answers=st.lists(st.sampled_from([None, 0, 1, 2, 3, 4]), min_size=8, max_size=8))
def test_what_is_typed_is_what_is_kept(answers: list[float | None]) -> None:
    line = "".join("-" if value is None else f"{value:g}" for value in answers)

    assert typed(measure("steps"), f" {line[:3]} {line[3:]} ") == dict(enumerate(answers, 1))


def test_a_form_of_another_printing_is_typed_in_its_own_order() -> None:
    # All that is good agreed with and nothing else: 30 points, whichever printing it stands on.
    for printing, best in (("1965", "3033003003"), ("alternative", "3303033000")):
        answers = typed(measure("rosenberg"), best, printing)
        assert scoring.score("rosenberg", answers).total == 30


def test_what_scoring_turns_round_is_said_by_the_numbers_of_the_printing() -> None:
    assert turned_round(measure("rosenberg"), "1965") == (2, 5, 6, 8, 9)
    assert turned_round(measure("rosenberg"), "alternative") == (3, 5, 8, 9, 10)
    assert turned_round(measure("core10")) == (2, 3)
    assert turned_round(measure("sdq")) == ()  # a total from paper: nothing to turn


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("1234", "Type 8 answers, one for each item; there are 4."),
        ("012301230", "Type 8 answers, one for each item; there are 9."),
        ("01230124x", "there are 9"),
        ("0123x123", "Item 5 cannot be x: type 0 to 4, or - for none."),
        ("0123٣123", "Item 5 cannot be ٣"),
        ("5" + "0" * 9_999, "Item 1 cannot be 5"),
    ],
)
def test_a_line_that_does_not_fit_the_form_says_where(line: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(sentence)):
        typed(measure("steps"), line)


def test_only_forms_with_a_digit_an_answer_can_be_typed() -> None:
    found = {key for key, form in every_measure().items() if can_be_typed(form)}

    assert {"phq9", "gad7", "core10", "ypcore", "steps"} <= found
    assert not {"gbo", "swemwbs", "ors"} & found
