"""Catch-ups on the group's page and on the person's."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import CatchUp, Group, Mark, Person, Place, PlaceState
from services.attendance import AttendanceCode
from services.db import reading, transaction
from services.registers import marking
from services.registers.marking import NewMark
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, on_offer, press, unfold


@pytest.fixture
def craft(somebody: Somebody) -> str:
    """Ben's group with Dana in it, who missed the first of two sessions; its reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        place = make_place(db, amina, group, make_person(db, amina))
        place.joined_on = date(2026, 9, 8)
        db.flush()
        for number, code in ((1, AttendanceCode.APOLOGIES), (2, AttendanceCode.ATTENDED)):
            new = NewMark(tap=f"{number}", place_ref=place.ref, code=code)
            marking.mark(db, ben, session_of(db, group, number).ref, [new])
        return group.ref


def on_group(open_page: OpenPage, username: str, craft: str) -> AppTest:
    return asked_to(open_page("groups", username, group=craft), craft, "catch_ups")


def place_ref() -> str:
    with reading() as db:
        return db.scalars(select(Place.ref)).one()


def codes() -> list[str | None]:
    with reading() as db:
        return list(db.scalars(select(Mark.code).order_by(Mark.session_id)))


def test_a_facilitator_records_a_catch_up_and_takes_it_back(
    open_page: OpenPage, craft: str
) -> None:
    page, place = on_group(open_page, "ben", craft), place_ref()
    assert "Nobody has caught up" in page.info[-1].value
    press(page, "Record the catch-up")
    assert "which session" in page.error[0].value

    page.selectbox(f"form_session_{place}_0").select_index(0)
    page.number_input(f"form_minutes_{place}_0").set_value(30)
    press(page, "Record the catch-up")

    assert not page.exception
    assert codes() == ["C", "P"]
    shown = next(t.value for t in page.dataframe if "way" in t.value)
    assert shown["by"].tolist() == ["Ben"]

    page = unfold(page, f"undo_{craft}")
    page.selectbox(f"form_catch_up_{craft}_1").select_index(0)
    press(page, "Take it back")

    assert not page.exception
    assert codes() == ["A", "P"]


def test_a_catch_up_is_recorded_from_the_persons_own_page(open_page: OpenPage, craft: str) -> None:
    with reading() as db:
        person = db.scalars(select(Person.ref)).one()
    page = open_page("participants", "ben", participant=person)
    page, place = unfold(page, f"catch_ups_{person}"), place_ref()
    page.selectbox(f"form_session_{place}_0").select_index(0)

    press(page, "Record the catch-up")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(CatchUp)).one().taken_back_at is None
    said = next(t.value for t in page.dataframe if "what" in t.value)["what"].tolist()
    assert "Caught up on session 1 of Tuesday craft" in said


def test_a_coordinator_sees_the_list_and_no_form(open_page: OpenPage, craft: str) -> None:
    page = on_group(open_page, "amina", craft)

    assert "Record the catch-up" not in [button.label for button in page.button]


def test_a_group_in_which_everybody_waits_has_no_catch_ups(open_page: OpenPage, craft: str) -> None:
    with transaction() as db:
        db.scalars(select(Group)).one()
        db.scalars(select(Place)).one().state = PlaceState.WAITING

    page = open_page("groups", "ben", group=craft)

    assert "Catch-up sessions" not in on_offer(page)


@pytest.mark.parametrize("username", ["chloe", "leila"])
def test_a_stranger_sees_no_catch_ups(open_page: OpenPage, craft: str, username: str) -> None:
    page = open_page("groups", username, group=craft)

    assert "Catch-up sessions" not in on_offer(page)
