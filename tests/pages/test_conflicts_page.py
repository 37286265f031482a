"""The sealed list on screen, and the placing screens that get an answer and no name."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Conflict, Crossing, Person, Place, Stage, Strength
from services.db import reading, transaction
from services.placing import conflicts, placing
from services.placing.conflicts import ConflictDraft, Party
from tests.make import make_group, make_person, make_place, make_volunteer
from tests.pages.conftest import OpenPage, Somebody, asked_to, field, press

WORDS = ("Dana", "Okoro", "brothers")


@pytest.fixture
def house(somebody: Somebody) -> dict[str, str]:
    """Dana has a place in the group; Rosa and the volunteer Maya are to come. References."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=date(2026, 9, 8))
        dana = make_person(db, amina, "Dana", "Okoro")
        rosa = make_person(db, amina, "Rosa", "Lindqvist")
        maya = make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)
        make_place(db, amina, group, dana)
        return {"group": group.ref, "dana": dana.ref, "rosa": rosa.ref, "maya": maya.ref}


def keep_apart(
    somebody: Somebody, house: dict[str, str], other: str, strength: Strength = Strength.HARD
) -> str:
    amina = somebody("amina")
    with transaction() as db:
        draft = ConflictDraft(
            first=Party(house["dana"]),
            second=Party(house[other], is_volunteer=other == "maya"),
            strength=strength,
            reason="Their partners are brothers.",
        )
        conflicts.record(db, amina, draft)
        return db.scalars(select(Conflict.ref)).one()


def opened(page: AppTest) -> AppTest:
    field(page, "radio", "Why do you open it").set_value("review")
    return press(page, "Open the list")


def everything(page: AppTest) -> str:
    parts = [page.markdown, page.text, page.error, page.info, page.warning, page.caption]
    tables = [one.value.to_string() for one in page.dataframe]
    return " ".join([*(one.value for part in parts for one in part), *tables])


def test_the_list_is_sealed_until_she_says_why(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    keep_apart(somebody, house, "rosa")
    page = open_page("conflicts", "amina")
    assert not page.dataframe
    assert "Dana" not in everything(page)

    press(page, "Open the list")
    assert page.error[0].value == "Choose why you open the list."

    opened(page)
    assert page.dataframe[0].value["first"].tolist() == ["Dana Okoro"]

    press(page, "Seal the list again")
    assert not page.dataframe


def test_one_pair_is_sealed_as_well_when_opened_by_its_address(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    page = open_page("conflicts", "amina", conflict=keep_apart(somebody, house, "rosa"))
    assert not [word for word in WORDS if word in everything(page)]

    opened(page)

    assert not [word for word in WORDS if word not in everything(page)]


def test_she_keeps_two_apart_and_ends_it_again(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    page = open_page("conflicts", "amina")
    open_folded(page, "conflict")
    field(page, "text_input", "The one").input("Dana").run()
    field(page, "text_input", "The other").input("Maya").run()
    field(page, "selectbox", "The one").select_index(0).run()
    field(page, "selectbox", "The other").select_index(0).run()
    field(page, "text_area", "Why").input("Their partners are brothers.")
    press(page, "Keep them apart")

    with reading() as db:
        pair = db.scalars(select(Conflict)).one()
    assert (pair.strength, pair.volunteer_id is None) == (Strength.HARD, True)
    assert pair.other_volunteer_id is not None

    page = opened(open_page("conflicts", "amina", conflict=pair.ref))
    open_folded(page, f"end_conflict_{pair.ref}")
    field(page, "text_area", "Why they need not").input("Both asked.")
    press(page, "End it")
    assert "Ended on" in everything(page)


# --- Where lives may cross ------------------------------------------------------------------


def crossing_form(open_page: OpenPage) -> AppTest:
    """The form with Maya chosen in it, once the list is open."""
    page = opened(open_page("conflicts", "amina"))
    open_folded(page, "crossings")
    field(page, "text_input", "Whose").input("Maya").run()
    return field(page, "selectbox", "Whose").select_index(0).run()


def test_where_her_life_may_cross_is_behind_the_seal(
    open_page: OpenPage, house: dict[str, str]
) -> None:
    page = open_page("conflicts", "amina")
    open_folded(page, "crossings")

    assert not [one for one in page.text_area if one.label.startswith("Parts of town")]


def test_where_her_life_may_cross_is_kept_and_shown_when_it_is_opened_again(
    open_page: OpenPage, house: dict[str, str]
) -> None:
    page = crossing_form(open_page)
    field(page, "text_area", "Parts of town").input("by the river")
    press(page, "Keep this")
    assert "first part of a postcode" in page.error[0].value

    field(page, "text_area", "Parts of town").input("nr2")
    field(page, "text_area", "Where she works").input("Nine Elms Bakery")
    press(page, "Keep this")

    page = crossing_form(open_page)
    assert field(page, "text_area", "Parts of town").value == "NR2"
    assert field(page, "text_area", "Where she works").value == "Nine Elms Bakery"


def test_a_form_on_crossings_opened_before_a_colleague_kept_more_changes_nothing(
    open_page: OpenPage, house: dict[str, str]
) -> None:
    late = crossing_form(open_page)
    soon = crossing_form(open_page)
    field(soon, "text_area", "Where she works").input("Nine Elms Bakery")
    press(soon, "Keep this")

    field(late, "text_area", "Where she worships").input("St Helen")
    press(late, "Keep this")

    assert "A colleague changed this meanwhile" in late.error[0].value
    with reading() as db:
        assert [one.name for one in db.scalars(select(Crossing))] == ["Nine Elms Bakery"]


def open_folded(page: AppTest, key: str) -> None:
    page.session_state[f"folded_{key}"] = True
    page.run()


def test_what_is_missing_is_said(open_page: OpenPage, house: dict[str, str]) -> None:
    page = open_page("conflicts", "amina")
    open_folded(page, "conflict")
    press(page, "Keep them apart")

    assert page.error[0].value == "Find both people by name and choose them."


@pytest.mark.parametrize("username", ["ben", "leila", "ada", "vik", "erin"])
def test_the_page_is_in_a_coordinators_menu_only(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("conflicts", username)


def test_an_empty_list_says_what_to_do(open_page: OpenPage) -> None:
    assert "Below you keep two people apart" in everything(opened(open_page("conflicts", "amina")))


# --- Placing screens -----------------------------------------------------------------------


def give_rosa_a_place(page: AppTest, house: dict[str, str]) -> AppTest:
    asked_to(page, house["group"], "give")
    field(page, "text_input", "Find a participant").input("Rosa").run()
    field(page, "radio", "Who").set_value(house["rosa"])
    return press(page, "Give a place")


def test_a_hard_stop_offers_another_group_and_names_nobody(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    keep_apart(somebody, house, "rosa")
    page = give_rosa_a_place(open_page("groups", "amina", group=house["group"]), house)

    assert [one.value for one in page.error] == [placing.NOT_HERE]


def test_something_to_weigh_asks_for_a_reason_and_takes_it(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    keep_apart(somebody, house, "rosa", Strength.SOFT)
    page = give_rosa_a_place(open_page("groups", "amina", group=house["group"]), house)
    assert page.warning[0].value == placing.WEIGH
    assert not page.error

    press(page, "Give a place")
    assert [one.value for one in page.error] == [placing.WEIGH]
    field(page, "text_input", "Why it is right").input("They talked it over.")
    press(page, "Give a place")

    with reading() as db:
        query = select(Place.despite).join(Person).where(Person.ref == house["rosa"])
        assert db.scalars(query).one() == "They talked it over."
    assert "brothers" not in everything(page)


def test_placing_a_volunteer_is_stopped_without_a_name(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    keep_apart(somebody, house, "maya")
    page = open_page("volunteers", "amina", volunteer=house["maya"])
    field(page, "selectbox", "Group").set_value(house["group"])
    field(page, "selectbox", "Role").set_value("welcome")
    press(page, "Place her")

    assert [one.value for one in page.error] == [placing.NOT_HERE]
    assert not [word for word in WORDS if word in everything(page)]


def test_two_already_in_one_group_stand_on_her_today_and_not_on_the_groups_page(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], code_name="Walks")
        for ref in (house["dana"], house["rosa"]):
            person = db.scalars(select(Person).where(Person.ref == ref)).one()
            make_place(db, amina, group, person)
        walks = group.ref
    before = everything(open_page("groups", "ben", group=walks))
    keep_apart(somebody, house, "rosa")

    assert open_page("today", "amina").error[0].value.startswith("One pair of people")
    for username in ("ben", "leila"):
        assert not open_page("today", username).error
    assert everything(open_page("groups", "ben", group=walks)) == before
