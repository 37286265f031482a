"""What marks count as: domain §1.5, written down here again and compared."""

from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.registers import CODES as STORED_CODES
from services.attendance import (
    CODES,
    AttendanceCode,
    Rates,
    rates,
    sessions_to_complete,
)

# A slow machine is not a fault in what is tested.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIVE = "PLEO"
COVERED = "PLEOC"
EXPECTED = "PLEOCADB"
marks = st.lists(st.one_of(st.none(), st.sampled_from("PLEOCADBXN")), max_size=60)


@pytest.mark.parametrize("code", AttendanceCode)
def test_every_code_counts_as_the_table_says(code: AttendanceCode) -> None:
    assert code.attended == (code in LIVE)
    assert code.covers_content == (code in COVERED)
    assert code.expected == (code in EXPECTED)


def test_the_codes_are_those_the_records_allow() -> None:
    assert "".join(CODES) == STORED_CODES
    assert [f"{code}" for code in AttendanceCode] == list(STORED_CODES)


def test_labels_are_the_words_of_the_field() -> None:
    assert {code.value: code.label for code in AttendanceCode} == {
        "P": "Attended",
        "L": "Arrived late",
        "E": "Left early",
        "O": "Attended online",
        "C": "Catch-up done",
        "A": "Apologies",
        "D": "Did not attend",
        "B": "Was not brought",
        "X": "Session cancelled by service",
        "N": "Not expected",
    }


def test_a_code_is_found_by_its_letter() -> None:
    assert AttendanceCode("C") is AttendanceCode.CATCH_UP
    assert CODES["B"] is AttendanceCode.NOT_BROUGHT


@CALM
@given(marks)
def test_rates_agree_with_counting_by_hand(given_marks: list[str | None]) -> None:
    found = rates(given_marks)

    live = sum(mark in LIVE for mark in given_marks if mark)
    covered = sum(mark in COVERED for mark in given_marks if mark)
    expected = sum(mark in EXPECTED for mark in given_marks if mark)
    assert (found.attended, found.expected) == (live, expected)
    assert found.unrecorded == given_marks.count(None)
    assert found.live == (live / expected if expected else None)
    assert found.content == (covered / expected if expected else None)


@CALM
@given(marks)
def test_rates_are_shares_and_catching_up_only_adds(given_marks: list[str | None]) -> None:
    found = rates(given_marks)

    if found.live is not None:
        assert found.content is not None
        assert 0 <= found.live <= found.content <= 1


@CALM
@given(marks, st.sampled_from(["X", "N", None]))
def test_what_was_not_expected_changes_no_rate(
    given_marks: list[str | None], extra: str | None
) -> None:
    before, after = rates(given_marks), rates([*given_marks, extra])

    assert (after.live, after.content, after.expected) == (
        before.live,
        before.content,
        before.expected,
    )


@pytest.mark.parametrize("nothing", [[], [None, None], ["X", "N"]])
def test_where_nothing_was_expected_there_is_no_rate(nothing: list[str | None]) -> None:
    assert rates(nothing) == Rates(None, None, 0, 0, nothing.count(None))


def test_marks_may_come_as_codes_letters_or_a_string() -> None:
    expected = Rates(0.5, 0.75, 2, 4, 0)

    assert rates("PLCA") == expected
    assert rates([AttendanceCode(letter) for letter in "PLCA"]) == expected
    assert {rates(order) for order in permutations("PLCA")} == {expected}


def test_what_is_missing_in_a_frame_is_a_mark_not_made() -> None:
    for column in (pd.Series(["P", None, "A"]), pd.array(["P", pd.NA, "A"], dtype="string")):
        assert rates(column) == rates(["P", None, "A"])


@pytest.mark.parametrize("marks", [None, 3])
def test_marks_must_stand_in_a_list(marks: Any) -> None:
    with pytest.raises(ValueError, match="must stand in a list"):
        rates(marks)


@pytest.mark.parametrize("mark", ["Q", "p", "", "PL", " "])
def test_an_unknown_mark_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match=r"is not a mark\. Use one of: P, L, E, O, C, A, D, B, X"):
        rates(["P", mark])


@pytest.mark.parametrize(
    ("offered", "share", "needed"),
    [
        (8, 0.75, 6),
        (10, 0.75, 8),
        (12, 0.75, 9),
        (14, 0.75, 11),
        (11, 0.75, 9),
        (0, 0.75, 0),
        (1, 0.75, 1),
        (10, 0.6, 6),
        (15, 0.6, 9),
        (10, 0.7, 7),
        (100, 0.07, 7),  # 7.000000000000001 as a float
        (10, 0.8, 8),
        (12, 2 / 3, 8),
        (6, 5 / 6, 5),  # 5 / 6 is a little more than five sixths as a float
        (12, 1, 12),
    ],
)
def test_sessions_to_complete_are_the_share_rounded_up(
    offered: int, share: float, needed: int
) -> None:
    assert sessions_to_complete(offered, share) == needed


@CALM
@given(st.integers(0, 200), st.integers(1, 100))
def test_sessions_to_complete_are_the_fewest_that_reach_the_share(
    offered: int, percent: int
) -> None:
    needed = sessions_to_complete(offered, percent / 100)

    assert needed * 100 >= percent * offered
    assert needed == 0 or (needed - 1) * 100 < percent * offered


def test_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        sessions_to_complete(-1)
    for share in (0, -0.5, 1.01, float("nan")):
        with pytest.raises(ValueError, match="above 0 and at most 1"):
            sessions_to_complete(12, share)
