"""A coordinator's way with volunteers, from the first interest to a placement and back."""

from datetime import date

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from models import Placement, PlacementRole, Stage, Volunteer
from services.db import reading, transaction
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers import stages
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import WishesDraft
from services.volunteers.volunteers import PAGE
from tests.make import make_group, make_volunteer
from tests.pages.conftest import OpenPage, Somebody, form_key, press

TODAY = date(2026, 9, 16)


@pytest.fixture
def maya(somebody: Somebody) -> str:
    """An active volunteer's reference."""
    return _volunteer(somebody, stage=Stage.ACTIVE)


@pytest.fixture
def group(somebody: Somebody) -> str:
    """An open group's reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        return make_group(db, amina, [ben]).ref


# --- The list ----------------------------------------------------------------------------


def test_with_nobody_there_the_page_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina")

    assert not page.exception
    assert page.info[0].value.startswith("No volunteers yet. Add the first one")
    assert not page.dataframe
    assert page.text_input(form_key("first_name")).label == "First name"


def test_every_stage_shows_how_many_are_in_it_and_narrows_the_list(
    open_page: OpenPage, somebody: Somebody
) -> None:
    _volunteer(somebody, "Maya", stage=Stage.CHECKS)
    _volunteer(somebody, "Ines", stage=Stage.STEPPED_BACK)
    page = open_page("volunteers", "amina")

    assert page.button_group("volunteers_stage").options[4:9:4] == [
        "Checks · 1",
        "Stepped back · 1",
    ]

    page.button_group("volunteers_stage").set_value("stepped_back").run()

    assert _names(page) == ["Ines Rowe"]


def test_she_is_found_by_the_beginning_of_her_name(open_page: OpenPage, somebody: Somebody) -> None:
    for name in ("Maya", "Ines"):
        _volunteer(somebody, name)
    page = open_page("volunteers", "amina")

    page.text_input("volunteers_search").input("ine").run()
    assert _names(page) == ["Ines Rowe"]

    page.text_input("volunteers_search").input("i").run()
    assert "at least two letters" in page.info[0].value


def test_the_list_goes_on_after_fifty_and_back_to_its_start(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        for number in range(PAGE + 1):
            make_volunteer(db, amina, f"Maya{number}")
    page = open_page("volunteers", "amina")
    first = _names(page)

    page.button("volunteers_next").click().run()
    assert _names(page) == ["Maya0 Rowe"]

    page.button("volunteers_first").click().run()
    assert _names(page) == first


def test_a_search_begins_at_the_first_page(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        for number in range(PAGE):
            make_volunteer(db, amina, f"Maya{number}")
        make_volunteer(db, amina, "Ines")
    page = open_page("volunteers", "amina")
    page.button("volunteers_next").click().run()

    page.text_input("volunteers_search").input("ines").run()

    assert _names(page) == ["Ines Rowe"]


def test_back_from_a_record_the_list_is_as_it_was_and_the_address_is_empty(
    open_page: OpenPage, somebody: Somebody
) -> None:
    maya, _ines = _volunteer(somebody, stage=Stage.CHECKS), _volunteer(somebody, "Ines")
    page = open_page("volunteers", "amina")
    page.button_group("volunteers_stage").set_value("checks").run()
    page.query_params["volunteer"] = maya
    page.run()
    assert page.title[0].value == "Maya Rowe"

    press(page, "All volunteers")

    assert _names(page) == ["Maya Rowe"]
    assert not page.query_params


# --- Adding ------------------------------------------------------------------------------


def test_a_coordinator_adds_a_volunteer_and_her_record_opens(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina")

    page.text_input(form_key("first_name")).input("Maya")
    page.text_input(form_key("last_name")).input("Rowe")
    page.text_input(form_key("phone")).input("07700 900321")
    press(page, "Add her")

    assert not page.exception
    assert page.toast[0].value.startswith("She is here now.")
    assert page.title[0].value == "Maya Rowe"
    assert page.caption[0].value.startswith("Interest since 16 September 2026 · waiting")
    assert page.info[0].value.startswith("**Next:** Arrange a first conversation")
    assert page.text[0].value == "Phone: 07700 900321"


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina")

    page.text_input(form_key("first_name")).input("x" * 5_000)
    page.text_input(form_key("last_name")).input("Rowe")
    press(page, "Add her")

    assert [error.value for error in page.error] == ["Enter a first name of up to 100 letters."]
    assert page.text_input(form_key("last_name")).value == "Rowe"
    with reading() as db:
        assert db.scalar(select(func.count(Volunteer.id))) == 0


def test_markup_in_a_name_is_shown_and_not_obeyed(open_page: OpenPage, somebody: Somebody) -> None:
    ref = _volunteer(somebody, "![x](//example.org/x)", last_name="<b>Rowe")
    page = open_page("volunteers", "amina", volunteer=ref)

    assert page.title[0].value == r"\!\[x\]\(\/\/example\.org\/x\) \<b\>Rowe"
    # An anchor would carry her name into the address.
    assert page.title[0].proto.hide_anchor


# --- One volunteer -----------------------------------------------------------------------


def test_an_address_that_leads_nowhere_says_so_and_leads_back(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina", volunteer="nobody")

    assert not page.exception
    assert page.error[0].value.startswith("This volunteer could not be found.")

    press(page, "Back to the list")
    assert page.title[0].value == "Volunteers"


def test_a_move_is_suggested_made_and_written_into_her_history(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ref = _volunteer(somebody)
    page = open_page("volunteers", "amina", volunteer=ref)
    assert page.selectbox(form_key("stage", ref)).value == "conversation"

    page.text_input(form_key("reason", ref)).input("She asked to")
    press(page, "Move")

    assert page.toast[0].value == "She is in the stage “Conversation” now."
    assert page.selectbox(form_key("stage", ref, 1)).value == "application"
    assert page.text_input(form_key("reason", ref, 1)).value == ""
    assert page.dataframe[0].value["reason"].iloc[0] == "She asked to"


def test_who_comes_second_is_told_what_changed_and_loses_no_word(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ref = _volunteer(somebody)
    page = open_page("volunteers", "amina", volunteer=ref)
    zora = somebody("zora")
    with transaction() as db:
        stages.move(db, zora, ref, Stage.TRAINING, version=1)

    page.selectbox(form_key("stage", ref)).set_value("checks")
    page.text_input(form_key("reason", ref)).input("References are here")
    press(page, "Move")

    assert "Zora moved this volunteer to “training”" in page.error[0].value
    assert page.text_input(form_key("reason", ref)).value == "References are here"
    assert page.caption[0].value.startswith("Training since")

    press(page, "Move")
    assert page.toast[0].value == "She is in the stage “Checks” now."


def test_nothing_is_taken_for_granted_once_she_is_active(open_page: OpenPage, maya: str) -> None:
    page = open_page("volunteers", "amina", volunteer=maya)
    assert page.selectbox(form_key("stage", maya)).value is None

    press(page, "Move")

    assert page.error[0].value == "Choose the stage to move her to."


def test_before_shadowing_no_placement_is_offered(open_page: OpenPage, somebody: Somebody) -> None:
    page = open_page("volunteers", "amina", volunteer=_volunteer(somebody, stage=Stage.TRAINING))

    assert "while she is shadowing or active" in page.caption[2].value
    assert not _buttons(page) & {"Place her", "End the placement"}


def test_without_an_open_group_the_page_says_where_to_make_one(
    open_page: OpenPage, maya: str
) -> None:
    page = open_page("volunteers", "amina", volunteer=maya)

    assert "Make one under Groups first" in page.info[1].value


def test_a_coordinator_places_her_once_with_a_group(
    open_page: OpenPage, maya: str, group: str
) -> None:
    page = open_page("volunteers", "amina", volunteer=maya)
    press(page, "Place her")
    assert page.error[0].value == "Choose the group to place her with."

    page.selectbox(form_key("group", maya)).set_value(group)
    page.selectbox(form_key("role", maya)).set_value("creche")
    press(page, "Place her")

    assert page.toast[0].value.startswith("She is placed.")
    placed = page.dataframe[1].value
    assert placed[["group", "role"]].to_numpy().tolist() == [["Tuesday craft", "Crèche"]]

    _unfold(page, "placing", maya, 1)
    page.selectbox(form_key("group", maya, 1)).set_value(group)
    page.selectbox(form_key("role", maya, 1)).set_value("welcome")
    press(page, "Place her")

    assert page.error[0].value.startswith("This volunteer is placed with this group already.")


def test_a_role_her_stage_does_not_allow_is_refused_at_its_field(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    ref = _volunteer(somebody, stage=Stage.SHADOWING)
    page = open_page("volunteers", "amina", volunteer=ref)
    assert page.selectbox(form_key("role", ref)).value == "shadowing"

    page.selectbox(form_key("group", ref)).set_value(group)
    page.selectbox(form_key("role", ref)).set_value("co_facilitator")
    press(page, "Place her")

    assert page.error[0].value == "While she is shadowing, choose the role “shadowing”."


def test_stepping_back_asks_about_her_placements_and_ends_none_by_itself(
    open_page: OpenPage, somebody: Somebody, maya: str, group: str
) -> None:
    _place(somebody, maya, group)
    page = open_page("volunteers", "amina", volunteer=maya)

    page.selectbox(form_key("stage", maya)).set_value("stepped_back")
    press(page, "Move")

    assert page.info[0].value.startswith("**Next:** Keep in touch as she wishes.")
    assert page.info[1].value.startswith("She is still placed with Tuesday craft. Nothing ends")
    assert not page.warning
    assert not page.error
    assert "waiting" not in page.caption[0].value

    page.selectbox(form_key("placement", maya, 1)).select_index(0)
    press(page, "End the placement")

    assert page.toast[0].value.startswith("The placement has ended.")
    assert page.dataframe[1].value["ends"].tolist() == [TODAY]
    assert len(page.info) == 1
    assert "End the placement" not in _buttons(page)


def test_a_placement_that_ended_meanwhile_does_not_turn_into_another(
    open_page: OpenPage, somebody: Somebody, maya: str, group: str
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        walk = make_group(db, amina, [ben], code_name="Friday walk").ref
        wishes.save(db, amina, maya, WishesDraft(groups_at_once=2), version=0)
    chosen, _other = _place(somebody, maya, group), _place(somebody, maya, walk)
    page = open_page("volunteers", "amina", volunteer=maya)
    _unfold(page, "ending", maya)
    page.selectbox(form_key("placement", maya)).set_value(chosen)
    with transaction() as db:
        placements.end(db, amina, chosen, on=TODAY, version=1)

    press(page, "End the placement")

    assert page.error[0].value == "Choose the placement to end."
    with reading() as db:
        ended = db.scalars(select(Placement.ref).where(Placement.ends_on.is_not(None))).all()
    assert ended == [chosen]


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_else_has_the_page_in_her_menu(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="navigation"):
        open_page("pages/volunteers/volunteers.py", username)


def _volunteer(
    somebody: Somebody, first_name: str = "Maya", *, last_name: str = "Rowe",
    stage: Stage = Stage.INTEREST,
) -> str:  # fmt: skip
    amina = somebody("amina")
    with transaction() as db:
        return make_volunteer(db, amina, first_name, last_name, stage=stage).ref


def _place(somebody: Somebody, volunteer: str, group: str) -> str:
    draft = PlacementDraft(
        volunteer_ref=volunteer, group_ref=group, role=PlacementRole.WELCOME, starts_on=TODAY
    )
    amina = somebody("amina")
    with transaction() as db:
        return placements.place(db, amina, draft)


def _unfold(page: AppTest, name: str, ref: str, done: int = 0) -> None:
    page.session_state[f"folded_{form_key(name, ref, done)}"] = True
    page.run()


def _buttons(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def _names(page: AppTest) -> list[str]:
    return list(page.dataframe("volunteers_list").value["name"])
