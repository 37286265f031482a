"""The board, applications, safe contact and the sealed part on screen, and who sees none of it."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from models import (
    AuditEntry,
    OwnTime,
    PipelineRules,
    Role,
    Stage,
    Volunteer,
    VolunteerApplication,
)
from services.db import transaction
from services.permissions import ROLE_PERMISSIONS
from services.volunteers import volunteers
from services.volunteers.applications import inbox
from services.waits import Kind
from tests.make import make_group, make_person, make_place, make_volunteer
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, press
from ui.components.volunteer import board
from ui.navigation import SCREENS

FIELDS = {
    "routes.call": "yes",
    "phone": "07700 900123",
    "first_name": "Maya",
    "last_name": "Rowe",
    "adult": "yes",
    "why": "I like tea.",
    "hard_to_meet": "Somebody called Perpetua",
}


def words(page: AppTest) -> str:
    """Everything on the screen that can be read."""
    kinds = ("title", "header", "caption", "markdown", "text", "info", "error", "warning")
    return "\n".join(str(one.value) for kind in kinds for one in getattr(page, kind))


@pytest.fixture
def application(somebody: Somebody) -> str:
    """An application that came in, by its reference."""
    somebody("amina")
    with transaction() as db:
        db.add(PipelineRules(id=1, stage_days={}, own_group_months=6, applications_open=True))
        inbox.submit(db, "a-blank-form-of-its-own-1", FIELDS)
        return db.scalars(select(VolunteerApplication.ref)).one()


@pytest.fixture
def maya(somebody: Somebody) -> str:
    amina = somebody("amina")
    with transaction() as db:
        return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE).ref


# --- Applications ---------------------------------------------------------------------------


def test_with_none_to_check_the_page_says_where_they_come_from(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina")
    page.button_group("volunteers_show").set_value("applications").run()
    assert page.info[0].value.startswith("No applications to check.")


def test_a_coordinator_hears_of_an_application_on_her_first_page(
    open_page: OpenPage, application: str
) -> None:
    page = looked_at(open_page("today", "amina"), Kind.APPLICATIONS)
    assert "Applications to volunteer (1)" in [one.value for one in page.header]


def test_accepted_she_is_a_volunteer_and_what_is_sealed_is_not_on_the_screen(
    open_page: OpenPage, application: str
) -> None:
    page = open_page("volunteers", "amina", application=application)
    assert "I like tea." in words(page)
    assert "Perpetua" not in words(page)

    press(page, "Accept it")

    with transaction() as db:
        one = db.scalars(select(Volunteer)).one()
        assert (one.first_name, one.stage) == ("Maya", Stage.APPLICATION)


def test_who_is_here_already_has_to_be_chosen_or_not(
    open_page: OpenPage, application: str, maya: str
) -> None:
    page = open_page("volunteers", "amina", application=application)
    press(page, "Accept it")
    assert page.error[0].value == "Choose whose application it is."

    page.selectbox(form_key("whose", application)).set_value(maya)
    press(page, "Accept it")

    with transaction() as db:
        assert db.scalars(select(Volunteer.ref)).all() == [maya]


def test_set_aside_without_a_reason_nothing_happens(open_page: OpenPage, application: str) -> None:
    page = open_page("volunteers", "amina", application=application)
    press(page, "Set it aside")
    assert "Say why it is set aside" in page.error[0].value

    page.text_input(form_key("aside", application)).input("Another area")
    press(page, "Set it aside")

    with transaction() as db:
        assert db.scalars(select(VolunteerApplication.state)).one().value == "set_aside"


def test_a_stale_screen_is_told_that_somebody_was_faster(
    open_page: OpenPage, somebody: Somebody, application: str
) -> None:
    page = open_page("volunteers", "amina", application=application)
    amina = somebody("amina")
    with transaction() as db:
        inbox.set_aside(db, amina, application, reason="Another area", version=1)

    press(page, "Accept it")

    with transaction() as db:
        assert db.scalars(select(Volunteer)).all() == []


# --- The board ------------------------------------------------------------------------------


def test_an_empty_board_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("volunteers", "amina")
    page.button_group("volunteers_show").set_value("board").run()
    assert not page.exception
    assert page.info[0].value.startswith("Nobody is on the way in now.")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """The columns the board was given last."""
    given: list[Any] = []
    monkeypatch.setattr(board, "_mount", lambda **more: given.append(more["data"]))
    return lambda: given[-1]["columns"]


def open_board(open_page: OpenPage) -> AppTest:
    page = open_page("volunteers", "amina")
    return page.button_group("volunteers_show").set_value("board").run()


def test_the_board_is_one_element_with_a_card_for_each(
    open_page: OpenPage, maya: str, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    page = open_board(open_page)

    assert not page.exception
    assert not page.dataframe
    assert [column["label"] for column in shown()][::7] == ["Interest", "Active"]
    assert shown()[0]["next"] == {"stage": "conversation", "label": "Conversation"}
    assert shown()[-1]["next"] is None
    (card,) = shown()[-1]["cards"]
    assert (card["name"], card["href"]) == ("Maya Rowe", f"/volunteers?volunteer={maya}")
    assert card["step"] == "Agree when you next talk"


def test_from_the_board_she_is_moved_along_and_by_a_stale_one_she_is_not(
    open_page: OpenPage, somebody: Somebody, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ines = make_volunteer(db, amina, "Ines").ref
    page = open_board(open_page)
    for version in (1, 1):
        page.session_state["pipeline_moved"] = (ines, Stage.CONVERSATION, version)
        page.run()

    assert "so your move was not made" in page.error[0].value
    assert [card["name"] for card in shown()[1]["cards"]] == ["Ines Rowe"]


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"ref": "a", "to": "checks", "version": 2}, ("a", Stage.CHECKS, 2)),
        ({"ref": "b", "to": "checks", "version": 2}, None),
        ({"ref": "a", "to": "stepped_back", "version": 2}, None),
        ({"ref": "a", "to": "checks", "version": "2"}, None),
        ({"ref": ["a"], "to": "checks", "version": 2}, None),
        ({"ref": "a", "to": None, "version": 2}, None),
        ("a", None),
        (None, None),
    ],
)
def test_a_browser_that_sends_something_else_moves_nobody(
    monkeypatch: pytest.MonkeyPatch, sent: object, taken: object
) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    state[board._KEY] = {"move": sent, "open": sent}

    board._asked({"a"})
    board._opened({"a"})

    assert state.get("pipeline_moved") == taken
    assert state["pipeline_opened"] == ("a" if sent == "a" else None)


# --- Her record -----------------------------------------------------------------------------


def test_the_next_step_is_agreed_and_stands_beneath_her_name(
    open_page: OpenPage, maya: str
) -> None:
    page = open_page("volunteers", "amina", volunteer=maya)
    page.session_state["folded_next_step"] = True
    page.run()
    page.text_input(form_key("step", maya)).input("Tea *on* Friday")
    press(page, "Save")

    assert any("Tea \\*on\\* Friday" in one.value for one in page.info)


def test_who_stepped_back_comes_back_at_one_press(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = open_page("volunteers", "amina", volunteer=maya)
    page.selectbox(form_key("stage", maya)).set_value("stepped_back")
    press(page, "Move")

    press(page, "She is coming back to where she was")

    amina = somebody("amina")
    with transaction() as db:
        assert volunteers.summary(db, amina, maya).stage == "active"


def test_reaching_her_is_not_allowed_until_she_has_said_so(open_page: OpenPage, maya: str) -> None:
    page = open_page("volunteers", "amina", volunteer=maya, part="reaching")
    assert "nobody has asked her yet" in words(page)

    page.checkbox(form_key("may_call", maya)).check()
    press(page, "Save")
    assert "Confirm her plan with her first" in words(page)

    press(page, "She has said today that this is right")
    assert "Confirmed with her on 16 September 2026." in words(page)


def test_the_sealed_part_opens_once_she_says_why(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        herself = make_person(db, amina, "Maya", "Quill").ref
    page = open_page("volunteers", "amina", volunteer=maya, part="readiness")
    assert "This part is sealed" in page.info[-1].value
    assert "Her own group" not in words(page)

    press(page, "Open it")
    assert page.error[0].value == "Choose why you open it."
    page.radio[0].set_value("readiness")
    press(page, "Open it")
    assert "Her own group is over: not known." in words(page)

    page.text_input(form_key("own_time_search", maya)).input("Quill").run()
    page.selectbox(form_key("was", maya)).set_value("yes")
    page.selectbox(form_key("person", maya)).set_value(herself)
    page.selectbox(form_key("support", maya)).set_value("yes")
    press(page, "Save")

    assert "Her own group is over: met." in words(page)
    press(page, "Seal it again")
    assert "Her own group" not in words(page)


# --- Settings -------------------------------------------------------------------------------


def test_an_administrator_sets_how_long_a_stage_should_take(open_page: OpenPage) -> None:
    page = open_page("settings", "ada")
    page.session_state["folded_pipeline_rules"] = True
    page.run()
    page.number_input(form_key("days", "interest")).set_value(3)
    press(page, "Save these rules")

    with transaction() as db:
        assert db.scalars(select(PipelineRules)).one().stage_days["interest"] == 3


# --- What nobody can infer --------------------------------------------------------------------


def _screen(page: AppTest) -> list[str]:
    """Everything an open page holds, in order, as it goes to the browser; but for the lock,
    which counts down from when this browser signed in."""
    assert not page.exception
    found = (str(one.proto) for part in (page.main, page.sidebar) for one in part)
    return [one for one in found if "alongside.idle_lock" not in one]


PEOPLE = {
    Role.COORDINATOR: "amina",
    Role.FACILITATOR: "ben",
    Role.LEAD: "leila",
    Role.ADMINISTRATOR: "ada",
    Role.EVALUATOR: "vik",
    Role.ENGAGE_WORKER: "erin",
    Role.VOLUNTEER: "ines",
}


def _logged(db: Session) -> list[tuple[str, ...]]:
    query = select(AuditEntry.action, AuditEntry.subject, AuditEntry.details)
    return [tuple(row) for row in db.execute(query.where(AuditEntry.action.not_like("signin%")))]


@pytest.mark.slow
def test_no_screen_of_any_role_shows_that_two_records_are_one_woman(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben, *_others = map(somebody, PEOPLE.values())
    with transaction() as db:
        maya = make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)
        herself = make_person(db, amina, "Maya", "Quill")
        make_place(db, amina, make_group(db, amina, [ben]), herself)
        link = OwnTime(
            volunteer_id=maya.id, was_participant=True, person_id=herself.id,
            changed_at=maya.created_at, changed_by_id=amina.account_id,
        )  # fmt: skip
        volunteer, person = maya.ref, herself.ref
    addresses: list[tuple[Role, str, dict[str, str]]] = [
        (role, screen.address, {})
        for role, permissions in ROLE_PERMISSIONS.items()
        for screen in SCREENS
        # The audit log shows who signed in, each time these pages are opened; see below.
        if screen.permission in permissions and screen.address != "audit"
    ]
    addresses += [
        (Role.COORDINATOR, "volunteers", {"volunteer": volunteer, "part": part})
        for part in ("overview", "reaching", "readiness")
    ]
    addresses += [
        (role, "participants", {"participant": person})
        for role in (Role.COORDINATOR, Role.FACILITATOR)
    ]

    def everything() -> list[list[str]]:
        return [
            _screen(open_page(address, PEOPLE[role], **query)) for role, address, query in addresses
        ]

    without = everything()
    with transaction() as db:
        db.add(link)
        logged = _logged(db)
    found = everything()
    with transaction() as db:
        assert _logged(db) == logged
    for where, before, after in zip(addresses, without, found, strict=True):
        assert before == after, where
