"""The parts of the attendance page, and who of a group came, as each role sees them."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import AuditEntry
from services.attendance import AttendanceCode
from services.db import reading, transaction
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, charts
from ui.components.outcomes.take_out import STAYS

PARTS = ("by_session", "by_month", "staying", "held", "compare")
MONTH = tallies.month(date(2026, 9, 1))


@pytest.fixture
def kept(somebody: Somebody) -> None:
    """Counts of one programme over two months."""
    where = ("steps_forward", "2026-Q3")
    counts = {
        Cell(Kind.MARK, *where, "P", 1): 30,
        Cell(Kind.MARK, *where, "A", 1): 10,
        Cell(Kind.MONTH, *where, "P", MONTH): 20,
        Cell(Kind.MONTH, *where, "P", MONTH - 1): 10,
        Cell(Kind.MONTH, *where, "A", MONTH - 1): 10,
        Cell(Kind.STAY, *where, "stayed", 4): 8,
        Cell(Kind.STAY, *where, "left", 2): 3,
        Cell(Kind.LEFT, *where, "childcare"): 3,
        Cell(Kind.PLACE, *where, "enrolled"): 14,
        Cell(Kind.PLACE, *where, "started"): 11,
        Cell(Kind.SESSION, *where, "held", MONTH): 4,
        Cell(Kind.SESSION, *where, "cancelled", MONTH): 1,
        Cell(Kind.WAIT, "", "2026-Q3", "first_session", 30): 5,
    }
    with transaction() as db:
        tallies.add(db, Counter(counts))


@pytest.fixture
def two_groups(somebody: Somebody) -> tuple[str, str]:
    """Two of Ben's groups with six people each who came to the first session."""
    amina, ben = somebody("amina"), somebody("ben")
    refs = []
    with transaction() as db:
        for name in ("Anchors", "Boats"):
            group = make_group(db, amina, [ben], code_name=name, first_day=date(2026, 9, 8))
            for number in range(6):
                place = make_place(db, amina, group, make_person(db, amina, f"{name}{number}"))
                place.joined_on = group.starts_on
                db.flush()
                new = NewMark(tap=place.ref, place_ref=place.ref, code=AttendanceCode.ATTENDED)
                marking.mark(db, ben, session_of(db, group).ref, [new])
            refs.append(group.ref)
    return refs[0], refs[1]


def part(open_page: OpenPage, name: str, username: str = "leila") -> AppTest:
    page = open_page("attendance", username)
    page.segmented_control("attendance_part").set_value(name).run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    shown = (*page.markdown, *page.caption, *page.info, *page.error, *page.header)
    return " ".join(one.value for one in shown)


@pytest.mark.parametrize("name", PARTS)
def test_with_no_data_each_part_says_so_and_draws_nothing(open_page: OpenPage, name: str) -> None:
    page = part(open_page, name)

    assert charts(page) == 0
    assert page.info or "No marks" in words(page)


def test_months_stand_with_limits_and_what_stands_out(open_page: OpenPage, kept: None) -> None:
    page = part(open_page, "by_month")

    assert [one.value for one in page.header] == [
        "Live attendance",
        "Content covered, catch-ups included",
    ]
    assert "75% over all, 30 of 40 expected, in 2 months" in words(page)
    assert "fewer than twelve months" in words(page)


def test_one_month_is_no_line(open_page: OpenPage, kept: None) -> None:
    page = part(open_page, "by_month")

    page.date_input("attendance_months_from").set_value(date(2026, 9, 1)).run()

    assert not page.exception
    assert charts(page) == 0
    assert "Sep 2026: 20 of 20, 100%" in words(page)
    assert "One month alone" in words(page)


@pytest.mark.parametrize(
    ("name", "key"),
    [("by_month", "attendance_months"), ("held", "attendance_held"), ("compare", "compare")],
)
def test_a_period_that_ends_before_it_starts_says_what_to_do(
    open_page: OpenPage, kept: None, name: str, key: str
) -> None:
    page = part(open_page, name)

    page.date_input(f"{key}_from").set_value(date(2026, 9, 10)).run()
    page.date_input(f"{key}_to").set_value(date(2026, 9, 1)).run()

    assert not page.exception
    assert "ends before it starts" in words(page)
    assert charts(page) == 0


def test_staying_says_who_is_in_no_curve_and_why_people_left(
    open_page: OpenPage, kept: None
) -> None:
    page = part(open_page, "staying")

    assert "11 places in which somebody started, of which 3 ended early" in words(page)
    assert "3 enrolled and have not come to a session so far" in words(page)
    assert "Of 3 places that ended early" in words(page)
    assert charts(page) == 3


def test_sessions_cancelled_stand_beside_those_held(open_page: OpenPage, kept: None) -> None:
    page = part(open_page, "held")

    assert "4 of 5, 80% (38% to 96%) held; 1 cancelled by the service" in words(page)


def test_groups_are_compared_without_a_ranking(
    open_page: OpenPage, two_groups: tuple[str, str]
) -> None:
    page = part(open_page, "compare")

    assert "Every one is within what chance would give." in words(page)
    assert "not in order of merit" in words(page)
    assert "never for a report" in words(page)
    assert charts(page) == 2

    page.selectbox("compare_by").set_value("time").run()
    assert not page.exception
    assert "There are not two times of the week" in words(page)


def test_improvement_is_offered_for_programmes_alone(
    open_page: OpenPage, two_groups: tuple[str, str]
) -> None:
    page = part(open_page, "compare")
    assert "improvement" not in page.selectbox("compare_on_group").options

    page.selectbox("compare_by").set_value("programme").run()
    page.selectbox("compare_on_programme").set_value("improvement").run()

    assert not page.exception
    assert "There are not two programmes" in words(page)


def test_an_evaluator_has_no_part_that_may_rest_on_few(open_page: OpenPage, kept: None) -> None:
    page = open_page("attendance", "vik", attendance_part="compare")

    assert not page.exception
    assert not page.segmented_control
    assert not [one for one in page.expander if one.label == "By when the groups began"]


@pytest.mark.parametrize("username", ["amina", "ben", "ada", "erin", "maya"])
def test_nobody_else_opens_the_page(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="attendance"):
        open_page("attendance", username)


@pytest.mark.parametrize("username", ["ben", "amina"])
def test_the_marks_of_a_group_are_read_and_noted_once_unfolded(
    open_page: OpenPage, two_groups: tuple[str, str], username: str
) -> None:
    ref = two_groups[0]
    page = open_page("groups", username, group=ref)
    assert charts(page) == 0

    page.session_state[f"folded_marks_{ref}"] = True
    page.run()

    assert not page.exception
    assert charts(page) == 1
    assert "Live attendance 6 of 6 expected, 100%" in words(page)
    with reading() as db:
        looks = select(AuditEntry.id).where(AuditEntry.subject == f"group:{ref}")
        assert db.scalars(looks).all()

    page.session_state[f"folded_table_person_session_label_{ref}"] = True
    page.run()
    assert STAYS in words(page)


def test_a_lead_sees_no_marks_of_people(open_page: OpenPage, two_groups: tuple[str, str]) -> None:
    page = open_page("groups", "leila", group=two_groups[0])

    assert not page.exception
    assert not [one for one in page.expander if one.label == "Who came to which session"]


def test_a_group_without_people_says_so(open_page: OpenPage, somebody: Somebody) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        ref = make_group(db, amina, [ben]).ref
    page = open_page("groups", "ben", group=ref)

    page.session_state[f"folded_marks_{ref}"] = True
    page.run()

    assert "There is nothing to show yet" in words(page)
