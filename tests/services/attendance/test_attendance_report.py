"""Attendance by session, from kept counts of marks."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Group, Place
from services.attendance import AttendanceCode, attendance_report, rates
from services.errors import NotPermittedError
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import tallies
from services.tallies.shares import WITHHELD
from services.tallies.tallies import Cell, Kind
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place, session_of


def keep(db: Session, marks: dict[int, str], *, programme: str = "steps_forward") -> None:
    """Marks by session number, a letter each."""
    counted: Counter[Cell] = Counter()
    for number, letters in marks.items():
        for letter in letters:
            counted[Cell(Kind.MARK, programme, "2026-Q3", letter, number)] += 1
    tallies.add(db, counted)


def test_rates_by_session_follow_the_domains_arithmetic(db: Session, leila: Actor) -> None:
    keep(db, {1: "PLEOCADB", 2: "PPXN"})

    found = attendance_report.report(db, leila)

    first, second = found.sessions.to_dict("records")
    assert (first["attended"], first["covered"], first["expected"]) == (4, 5, 8)
    assert (first["live"], first["content"]) == (0.5, 0.625)
    assert (second["live"], second["expected"]) == (1.0, 2)
    assert first["label"] == "4 of 8, 50% (22% to 78%)"
    assert found.live is not None
    assert (found.live.count, found.live.of) == (6, 10)
    assert (found.lowest, found.highest) == (0.5, 1.0)


@given(st.lists(st.sampled_from("PLEOCADBXN"), max_size=40))
def test_counted_marks_give_the_rates_of_the_marks_themselves(marks: list[str]) -> None:
    counted = [(code, 1, n) for code, n in Counter(marks).items()]

    sessions = attendance_report._by_session(counted)

    direct = rates(marks)
    if direct.expected == 0:
        assert sessions == []
    else:
        (session,) = sessions
        assert session.live.share == direct.live
        assert session.content.share == direct.content


def test_a_session_at_which_nobody_was_expected_has_no_rate(db: Session, leila: Actor) -> None:
    keep(db, {1: "XXN", 2: "P"})

    assert attendance_report.report(db, leila).sessions["session"].tolist() == [2]


def test_without_marks_there_is_no_rate_and_the_next_step_is_named(
    db: Session, leila: Actor
) -> None:
    found = attendance_report.report(db, leila)

    assert found.sessions.empty
    assert (found.live, found.content, found.lowest) == (None, None, None)
    assert found.notes == (attendance_report.NO_MARKS,)


def test_over_all_sessions_no_interval_is_pretended(db: Session, leila: Actor) -> None:
    keep(db, {1: "PPA", 2: "PPA"})

    found = attendance_report.report(db, leila)

    assert found.live is not None
    assert found.live.words == "4 of 6, 67%"
    assert attendance_report.NO_INTERVAL in found.notes


def test_one_programme_or_all(db: Session, leila: Actor) -> None:
    keep(db, {1: "PP"})
    keep(db, {1: "AAA"}, programme="open_door")

    assert attendance_report.report(db, leila).sessions["expected"].tolist() == [5]
    one = attendance_report.report(db, leila, programme="open_door")
    assert one.sessions["live"].tolist() == [0]


@pytest.mark.parametrize(
    ("number", "short"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (9_949, "9.9k"),
        (62_345, "62k"),
        (2_500_000, "2.5M"),
    ],
)
def test_numbers_under_the_chart_stay_short(number: int, short: str) -> None:
    assert attendance_report.compact(number) == short


def test_at_most_a_dozen_numbers_stand_under_the_chart(db: Session, leila: Actor) -> None:
    keep(db, dict.fromkeys(range(1, 41), "P"))

    labels = attendance_report.report(db, leila).sessions["expected_label"]

    assert 6 <= (labels != "").sum() <= attendance_report.MOST_LABELS


# --- Registers still to be finished ------------------------------------------------------


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group whose first session was last week and whose second is still to come."""
    return make_group(db, amina, [ben], first_day=date(2026, 9, 10))


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group, time_stands_still: Clock) -> Place:
    """Somebody with a place from the first session on."""
    time_stands_still.go_on(days=-10)
    place = make_place(db, amina, craft, make_person(db, amina))
    time_stands_still.go_on(days=10)
    return place


def test_unfinished_registers_are_counted_and_said_to_be_left_out(
    db: Session, leila: Actor, craft: Group
) -> None:
    found = attendance_report.report(db, leila)

    assert found.unfinished == 1
    assert any(note.startswith("1 register is not finished") for note in found.notes)
    assert attendance_report.report(db, leila, programme="open_door").unfinished == 0
    assert attendance_report.report(db, leila, programme="steps_forward").unfinished == 1


def test_a_mark_made_in_the_register_arrives_in_the_rate(
    db: Session, ben: Actor, leila: Actor, craft: Group, dana: Place
) -> None:
    held = session_of(db, craft, 1)
    tap = NewMark(tap="one", place_ref=dana.ref, code=AttendanceCode.DID_NOT_ATTEND)
    marking.mark(db, ben, held.ref, [tap])

    (session,) = attendance_report.report(db, leila).sessions.to_dict("records")

    assert (session["session"], session["live"], session["content"]) == (1, 0, 0)


def test_the_page_takes_two_statements_at_any_size(
    db: Session,
    leila: Actor,
    craft: Group,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for size in (1, 300):
        keep(db, {1 + size % 12: "PLEOCADBXN" * size})
        with count_queries() as statements:
            attendance_report.report(db, leila)
        assert len(statements) == 2


# --- Who may -----------------------------------------------------------------------------


def test_an_evaluator_sees_only_what_is_large_on_both_sides(db: Session, vik: Actor) -> None:
    keep(db, {1: "P" * 20 + "A" * 10, 2: "P" * 20 + "A" * 9, 3: "P" * 9 + "A" * 30})

    found = attendance_report.report(db, vik)

    assert found.sessions["session"].tolist() == [1]
    assert found.live is not None
    assert WITHHELD in found.notes
    with pytest.raises(NotPermittedError):
        attendance_report.report(db, vik, programme="steps_forward")


def test_an_evaluator_sees_no_overall_rate_of_few(db: Session, vik: Actor) -> None:
    keep(db, {1: "P" * 20 + "A" * 9})

    found = attendance_report.report(db, vik)

    assert (found.live, found.content) == (None, None)


@pytest.mark.parametrize("role", ["amina", "ben", "ada", "erin"])
def test_nobody_else_sees_attendance_in_total(
    db: Session, role: str, request: pytest.FixtureRequest
) -> None:
    stranger: Actor = request.getfixturevalue(role)

    with pytest.raises(NotPermittedError):
        attendance_report.report(db, stranger)
