"""The details of a participant's record: changing them, and two people at one record."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Person
from services.db import reading, transaction
from services.people import person_changes
from services.permissions import Actor
from services.versions import Value
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, form_key, press


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Somebody in a group of Ben's; her reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina, access_needs="Large print", alert="Court on Friday")
        make_place(db, amina, make_group(db, amina, [ben]), person)
        return person.ref


def test_the_heading_says_her_reference_and_what_she_needs(open_page: OpenPage, dana: str) -> None:
    page = open_page("participants", "amina", participant=dana)

    assert page.caption[0].value.endswith(f"reference {_person().code}")
    assert page.info[0].value == "Keep in mind: Large print"


def test_a_coordinator_changes_the_details(open_page: OpenPage, dana: str) -> None:
    page = _details(open_page, "amina", dana)

    page.text_input(form_key("known_as", dana)).input("Dee")
    page.selectbox(form_key("language", dana)).select("Polish")
    page.checkbox(form_key("needs_interpreter", dana)).check()
    press(page, "Save")

    assert not page.exception
    assert page.toast[0].value == "The record is changed."
    assert page.title[0].value == "Dana “Dee” Okoro"
    assert page.info[0].value == "Keep in mind: Large print · Interpreter, Polish"


def test_each_role_is_offered_only_what_it_may_change(open_page: OpenPage, dana: str) -> None:
    coordinator = _details(open_page, "amina", dana)
    facilitator = _details(open_page, "ben", dana)

    assert "Court on Friday" not in str(coordinator.main)
    labels = [field.label for field in facilitator.text_input]
    assert labels[0].startswith("Access needs")
    assert labels[-1].startswith("Alert")


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    open_page: OpenPage, dana: str
) -> None:
    page = _details(open_page, "amina", dana)

    page.text_input(form_key("first_name", dana)).input(" ")
    page.text_input(form_key("known_as", dana)).input("Dee")
    press(page, "Save")

    assert [error.value for error in page.error] == ["Enter a first name of up to 100 letters."]
    assert page.text_input(form_key("known_as", dana)).value == "Dee"


def test_the_later_of_two_chooses_field_by_field_and_loses_nothing(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = _details(open_page, "amina", dana)
    _change(somebody("zora"), dana, access_needs="Step-free room", last_name="Rowe")

    page.text_input(form_key("access_needs", dana)).input("A chair")
    page.text_input(form_key("known_as", dana)).input("Dee")
    press(page, "Save")

    assert page.warning[0].value.startswith("Somebody else changed this record")
    choices = {radio.label: (list(radio.options), radio.value) for radio in page.radio}
    assert choices == {
        "Last name": (["Yours: Okoro", "There now: Rowe"], "theirs"),
        "Known as, if different": (["Yours: Dee", "There now: nothing"], "mine"),
        "Access needs, shown at every session": (
            ["Yours: A chair", "There now: Step\\-free room"],
            None,
        ),
    }

    press(page, "Save what I chose")
    assert page.error[0].value == "Choose one of the two for each field."
    page.radio(f"choose_{dana}_access_needs").set_value("mine")
    press(page, "Save what I chose")

    assert not page.exception
    person = _person()
    assert (person.access_needs, person.last_name, person.known_as) == ("A chair", "Rowe", "Dee")
    assert page.text_input(form_key("last_name", dana, 1)).value == "Rowe"


def test_a_third_change_while_she_chooses_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = _details(open_page, "amina", dana)
    _change(somebody("zora"), dana, access_needs="Step-free room")
    page.text_input(form_key("access_needs", dana)).input("A chair")
    press(page, "Save")
    page.radio(f"choose_{dana}_access_needs").set_value("mine")
    _change(somebody("zora"), dana, access_needs="A quiet room")

    press(page, "Save what I chose")

    assert page.radio[0].options == ["Yours: A chair", "There now: A quiet room"]
    assert _person().access_needs == "A quiet room"


def test_she_can_leave_the_record_as_it_is(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = _details(open_page, "amina", dana)
    _change(somebody("zora"), dana, access_needs="Step-free room")
    page.text_input(form_key("access_needs", dana)).input("A chair")
    press(page, "Save")

    press(page, "Leave the record as it is there now")

    assert _person().access_needs == "Step-free room"
    assert "Save" in {button.label for button in page.button}


def test_a_fault_between_two_presses_does_not_hide_somebody_elses_change(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = _details(open_page, "amina", dana)
    _change(somebody("zora"), dana, date_of_birth=date(1990, 1, 1))
    page.text_input(form_key("first_name", dana)).input("")
    press(page, "Save")
    page.text_input(form_key("first_name", dana)).input("Dana")

    press(page, "Save")

    assert [radio.label for radio in page.radio] == ["Date of birth, if known"]
    assert _person().date_of_birth == date(1990, 1, 1)


def _details(open_page: OpenPage, username: str, ref: str) -> AppTest:
    page = open_page("participants", username, participant=ref)
    return page.button_group("part").set_value("details").run()


def _change(actor: Actor, ref: str, **mine: Value) -> None:
    with transaction() as db:
        seen = person_changes.details(db, actor, ref)
        person_changes.change(db, actor, ref, mine, seen=seen)


def _person() -> Person:
    with reading() as db:
        return db.scalars(select(Person)).one()
