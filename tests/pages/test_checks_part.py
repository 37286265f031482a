"""A volunteer's checks on screen, and what runs out on Today."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import DbsCheck, Referee, Stage, Volunteer
from services.db import reading, transaction
from services.volunteers.vetting import referees
from services.volunteers.vetting.referees import Step
from services.waits import Kind
from tests.make import make_check, make_volunteer
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, press, unfold, waiting

TODAY = date(2026, 9, 16)


@pytest.fixture
def maya(somebody: Somebody) -> str:
    """The reference of a volunteer whose checks are being done."""
    amina = somebody("amina")
    with transaction() as db:
        return make_volunteer(db, amina, stage=Stage.CHECKS).ref


def checks(open_page: OpenPage, maya: str) -> AppTest:
    return open_page("volunteers", "amina", volunteer=maya, part="checks")


def said(page: AppTest) -> str:
    return " ".join(one.value for one in page.error)


def the_check() -> DbsCheck:
    with reading() as db:
        return db.scalars(select(DbsCheck)).one()


def test_with_nothing_recorded_the_part_says_what_is_needed(open_page: OpenPage, maya: str) -> None:
    page = checks(open_page, maya)
    assert not page.exception
    assert page.info[1].value.count("  \n") == 2
    assert [one.value for one in page.header] == [
        "References", "DBS checks", "Right to volunteer", "What she told us about her record",
    ]  # fmt: skip
    assert not page.dataframe


def test_a_referee_is_added_asked_and_decided_on(open_page: OpenPage, maya: str) -> None:
    page = unfold(checks(open_page, maya), f"referee_{maya}")
    own = f"{maya}_referee"
    page.text_input(form_key("name", own)).input("Pat Example")
    page.text_input(form_key("contact", own)).input("pat@example.org")
    page.number_input(form_key("known_years", own)).set_value(1)
    page.selectbox(form_key("context", own)).set_value("work")
    page = press(page, "Add the referee")
    assert "at least two years" in said(page)

    page.number_input(form_key("known_years", own)).set_value(3)
    page = press(page, "Add the referee")
    assert not page.error
    assert page.dataframe[0].value["name"].tolist() == ["Pat Example"]


def test_more_than_the_role_entitles_to_is_refused_at_its_field(
    open_page: OpenPage, maya: str
) -> None:
    page = unfold(checks(open_page, maya), f"dbs_ask_{maya}")
    own = f"{maya}_ask"
    page.selectbox(form_key("role", own)).set_value("adults_alongside")
    page.selectbox(form_key("level", own)).set_value("enhanced")
    page.selectbox(form_key("workforce", own)).set_value("adults")
    page.checkbox(form_key("with_barred_list", own)).check()
    page = press(page, "Note that it was asked for today")
    assert "barred list may not be asked for" in said(page)

    page.checkbox(form_key("with_barred_list", own)).uncheck()
    page = press(page, "Note that it was asked for today")
    assert not page.error
    assert the_check().with_barred_list is False


def test_a_certificate_is_seen_and_decided_on(open_page: OpenPage, maya: str) -> None:
    page = unfold(checks(open_page, maya), f"dbs_ask_{maya}")
    own = f"{maya}_ask"
    for name, value in (("role", "children_alongside"), ("level", "enhanced")):
        page.selectbox(form_key(name, own)).set_value(value)
    page.selectbox(form_key("workforce", own)).set_value("both")
    page = press(page, "Note that it was asked for today")

    page = unfold(page, f"dbs_see_{maya}")
    number, issued = (form_key(name, f"{maya}_see") for name in ("number", "issued_on"))
    number, issued = (f"{key.removesuffix('_0')}_1" for key in (number, issued))
    page = press(page, "I have seen the original")
    assert "Enter the day it was issued" in said(page)
    page.text_input(number).input("12345")
    page.date_input(issued).set_value(date(2026, 9, 17))
    page = press(page, "I have seen the original")
    assert "12 digits" in said(page)
    assert "still to come" in said(page)
    page.text_input(number).input("001234567890")
    page.date_input(issued).set_value(date(2026, 9, 1))
    page = press(page, "I have seen the original")
    assert not page.error

    page = unfold(page, f"dbs_{maya}")
    page.selectbox(f"form_decision_{maya}_check_decision_2").set_value("cleared")
    page.text_area(f"form_reason_{maya}_check_decision_2").input("Nothing stands against it.")
    page = press(page, "Decide")
    assert not page.error
    assert the_check().is_current


def test_a_form_that_was_open_too_long_is_told_so(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    zora, amina = somebody("zora"), somebody("amina")
    with transaction() as db:
        her = db.scalars(select(Volunteer)).one()
        db.add(
            Referee(
                volunteer_id=her.id, name="Pat Example", contact="pat@example.org",
                context="work", known_years=3,
            )
        )  # fmt: skip
    page = unfold(checks(open_page, maya), f"referee_note_{maya}")
    with transaction() as db:
        ref = db.scalars(select(Referee.ref)).one()
        referees.note(db, zora, ref, Step.ASKED, version=1)
    assert amina
    page.selectbox(form_key("step", f"{maya}_note")).set_value("asked")
    page = press(page, "Note it")
    assert "Somebody else changed this meanwhile" in said(page)


def test_a_conversation_is_kept_and_its_words_show_only_once_opened(
    open_page: OpenPage, maya: str
) -> None:
    page = unfold(checks(open_page, maya), f"talk_{maya}")
    own = f"{maya}_talk"
    page.text_area(form_key("told", own)).input("Something from long ago.")
    page.selectbox(form_key("decision", own)).set_value("cleared")
    page = press(page, "Keep it")
    assert not page.error
    shown = " ".join(one.value for one in [*page.text, *page.markdown])
    assert "She may volunteer" in shown
    assert "long ago" not in shown


def test_what_runs_out_stands_on_today_for_a_coordinator_and_nobody_else(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        her = make_volunteer(db, amina, stage=Stage.ACTIVE, ready=False)
        make_check(db, amina, her, issued_on=date(2023, 10, 1))
    page = looked_at(open_page("today", "amina"), Kind.CHECKS)
    assert "Checks to renew (1)" in [one.value for one in page.header]
    assert not page.exception
    for stranger in ("ben", "leila"):
        assert not any("renew" in one for one in waiting(open_page("today", stranger)))


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_else_has_the_page_at_all(open_page: OpenPage, maya: str, stranger: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("volunteers", stranger, volunteer=maya, part="checks")


def test_how_long_checks_count_is_set_by_an_administrator(open_page: OpenPage) -> None:
    page = open_page("settings", "ada")
    page.session_state["folded_recheck"] = True
    page.run()
    page.number_input("form_recheck_months__0").set_value(24)
    page = press(page, "Save this")
    assert not page.error
    assert page.number_input("form_recheck_months__1").value == 24
