"""The rota on screen: who sees what, asking and swapping, and a term filled and confirmed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from models import Group, PlacementRole, Shift, ShiftState, Stage, StageChange, Volunteer
from services.db import reading, transaction
from services.volunteers.rota import allowed, needs, relief, shifts
from services.volunteers.rota.solve import Filled
from services.waits import Kind
from tests.make import make_group, make_person, make_place, make_volunteer, session_of
from tests.pages.conftest import OpenPage, Somebody, field, looked_at, press, unfold, waiting
from tests.pages.test_conflicts_page import everything
from tests.services.placing.test_placing import keep_apart
from ui.components.rota.words import proven

FIRST = date(2026, 9, 22)
WELCOME = PlacementRole.WELCOME


@pytest.fixture
def house(somebody: Somebody) -> dict[str, str]:
    """Ben's group begins next week; Maya and Ines are active and seasoned. References."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=FIRST)
        maya = make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)
        ines = make_volunteer(db, amina, "Ines", "Marsh", stage=Stage.ACTIVE)
        for change in db.scalars(select(StageChange)):
            change.changed_on = date(2026, 1, 5)
        first = session_of(db, group).ref
        return {"group": group.ref, "session": first, "maya": maya.ref, "ines": ines.ref}


def asked(somebody: Somebody, house: dict[str, str], *, says_yes: bool = False) -> str:
    amina = somebody("amina")
    with transaction() as db:
        ref = shifts.offer(db, amina, house["session"], house["maya"], WELCOME)
        if says_yes:
            shifts.answer(db, amina, ref, accepts=True, version=1)
        return ref


def state(ref: str) -> ShiftState:
    with reading() as db:
        return db.scalars(select(Shift.state).where(Shift.ref == ref)).one()


def table(page: AppTest, number: int = 0) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = page.dataframe[number].value.to_dict("records")
    return rows


# --- Who sees it ---------------------------------------------------------------------------


def test_an_empty_rota_says_what_will_be_here(open_page: OpenPage, somebody: Somebody) -> None:
    page = open_page("rota", "amina")

    assert "No session is planned" in page.info[0].value


def test_a_coordinator_sees_full_names_and_what_is_open(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house)

    first = table(open_page("rota", "amina"))[0]

    assert (first["people"], first["missing"]) == ("Welcome: Maya Rowe (asked)", "Co-facilitator")


def test_two_in_one_role_stand_together(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house)
    amina = somebody("amina")
    with transaction() as db:
        group = db.scalars(select(Group)).one()
        needs.change(
            db, amina, group.ref, {WELCOME: 2}, version=needs.of_group(db, amina, group.ref).version
        )
        shifts.offer(db, amina, house["session"], house["ines"], WELCOME)

    first = table(open_page("rota", "amina"))[0]

    assert first["people"] == "Welcome: Maya Rowe (asked), Ines Marsh (asked)"


def test_a_facilitator_sees_first_names_and_plans_nothing(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house)
    page = open_page("rota", "ben", session=house["session"])

    assert "Maya" in everything(page)
    assert "Rowe" not in everything(page)
    assert {one.label for one in page.button} == {"Sign out", "The whole rota"}
    assert not page.expander


def test_another_facilitator_sees_none_of_it(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house)

    assert "Maya" not in everything(open_page("rota", "chloe"))
    page = open_page("rota", "chloe", session=house["session"])
    assert "could not be found" in page.error[0].value


@pytest.mark.parametrize("who", ["ada", "vik", "erin"])
def test_it_is_in_nobody_elses_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="rota"):
        open_page("rota", who)


# --- One session ---------------------------------------------------------------------------


def test_she_asks_the_likeliest_and_writes_down_the_answer(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    page = open_page("rota", "amina", session=house["session"])
    who = field(page, "selectbox", "Volunteer")
    assert who.options[0].startswith("Ines Marsh: no other session")

    press(page, "Ask her")
    assert page.error[0].value == "Choose whom to ask."

    field(page, "selectbox", "Volunteer").set_value(house["maya"])
    press(page, "Ask her")
    assert table(page)[0]["answer"] == "asked, no answer yet"

    field(page, "selectbox", "Her answer").set_value("yes")
    press(page, "Record her answer")
    assert table(page)[0]["answer"] == "said yes"


def test_letting_go_asks_for_no_reason(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    ref = asked(somebody, house, says_yes=True)
    page = unfold(open_page("rota", "amina", session=house["session"]),
                  f"let_go_{house['session']}")  # fmt: skip

    [one for one in page.selectbox if one.label == "Who"][-1].set_value(ref)
    press(page, "Let her go")

    assert state(ref) is ShiftState.CANCELLED
    assert "Nobody has been asked" in page.info[0].value


def test_a_swap_gives_the_shift_to_somebody_else(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    ref = asked(somebody, house, says_yes=True)
    page = unfold(open_page("rota", "amina", session=house["session"]), f"swap_{house['session']}")

    field(page, "selectbox", "Who has agreed").set_value(house["ines"])
    press(page, "Swap")

    assert state(ref) is ShiftState.SWAPPED
    assert table(page)[0]["name"] == "Ines Marsh"


@pytest.fixture
def asks(somebody: Somebody, house: dict[str, str]) -> str:
    """Maya has said yes, and asks somebody to take it."""
    amina, ref = somebody("amina"), asked(somebody, house, says_yes=True)
    with transaction() as db:
        one = db.scalars(select(Shift).where(Shift.ref == ref)).one()
        relief.ask(db, one, amina, version=one.version)
    return ref


def test_who_asks_to_be_relieved_is_named_and_the_likeliest_asked_in_one_press(
    open_page: OpenPage, house: dict[str, str], asks: str
) -> None:
    first = table(open_page("rota", "amina"))[0]
    assert "Maya Rowe (asks for a swap)" in first["people"]
    assert first["missing"] == "Co-facilitator, Welcome (swap)"  # however long the names are
    page = open_page("rota", "amina", session=house["session"])
    assert field(page, "selectbox", "Who could take it").value == house["ines"]

    press(page, "Ask her to take it")

    assert [row["answer"] for row in table(page)] == [
        "asks for a swap",
        "asked to take over",
    ]
    assert "Wait for the answer" in everything(page)
    field(page, "selectbox", "Her answer").set_value("yes")
    press(page, "Record her answer")
    assert [row["name"] for row in table(page)] == ["Ines Marsh"]
    assert state(asks) is ShiftState.SWAPPED


def test_when_nobody_can_take_it_she_is_told(
    open_page: OpenPage, house: dict[str, str], asks: str
) -> None:
    page = open_page("rota", "amina", session=house["session"])

    press(page, "Tell her that nobody can")

    assert table(page)[0]["answer"] == "said yes"
    assert "asks somebody" not in everything(page)


def test_a_wish_she_told_is_noted_for_her_and_taken_back(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house, says_yes=True)
    page = unfold(open_page("rota", "amina", session=house["session"]), f"wish_{house['session']}")

    press(page, "Note it")

    assert table(page)[0]["answer"] == "asks for a swap"
    assert field(page, "selectbox", "Who could take it").value == house["ines"]
    press(page, "Tell her that nobody can")
    assert "tell her yourself" in page.toast[0].value  # she has no account
    press(page, "Note it")
    press(page, "She can come after all")
    assert table(page)[0]["answer"] == "said yes"
    assert "asks somebody" not in everything(page)


def test_of_two_who_said_yes_one_is_chosen_who_asks(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    asked(somebody, house, says_yes=True)
    amina = somebody("amina")
    with transaction() as db:
        role = PlacementRole.CO_FACILITATOR
        ref = shifts.offer(db, amina, house["session"], house["ines"], role)
        shifts.answer(db, amina, ref, accepts=True, version=1)
    page = unfold(open_page("rota", "amina", session=house["session"]), f"wish_{house['session']}")

    press(page, "Note it")
    assert "Choose who asks." in page.error[0].value

    field(page, "selectbox", "Who asks").set_value(ref)
    press(page, "Note it")
    assert [row["answer"] for row in table(page) if row["name"] == "Ines Marsh"] == [
        "asks for a swap"
    ]


def test_a_facilitator_sees_nothing_of_who_asks(
    open_page: OpenPage, house: dict[str, str], asks: str
) -> None:
    first = table(open_page("rota", "ben"))[0]
    assert "swap" not in first["people"] + first["missing"]
    assert "asks somebody" not in everything(open_page("rota", "ben", session=house["session"]))


def loose_ends(page: AppTest) -> list[str]:
    """What Today says of each place in the rota."""
    found = [one.value for one in page.dataframe if {"role", "what"} <= set(one.value)]
    return list(found[0]["what"])


def test_today_names_who_asks_and_where_a_place_has_opened(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str], asks: str
) -> None:
    amina = somebody("amina")
    page = looked_at(open_page("today", "amina"), Kind.ROTA)
    assert loose_ends(page) == ["Maya Rowe asks for a swap"]

    with transaction() as db:
        one = db.scalars(select(Shift).where(Shift.ref == asks)).one()
        shifts.cancel(db, amina, asks, version=one.version)

    assert loose_ends(page.run()) == ["Open again"]
    assert "Places in the rota (1)" in waiting(page)


@pytest.mark.parametrize(("says_yes", "step"), [(False, "Let her go"), (True, "Swap the shift")])
def test_whom_a_rule_has_come_to_speak_against_is_said_with_what_can_be_done(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str], says_yes: bool, step: str
) -> None:
    asked(somebody, house, says_yes=says_yes)
    with transaction() as db:
        db.execute(update(Volunteer).values(stage=Stage.STEPPED_BACK))
    page = open_page("rota", "amina", session=house["session"])

    said = page.warning[-1].value
    assert "Maya Rowe would not be asked today (not active)" in said
    assert f"{step}" in said.split(". ")[-1]
    assert ("Swap" in said) is says_yes
    ben = open_page("rota", "ben", session=house["session"])
    assert "would not be asked" not in everything(ben)


def test_a_swap_to_whom_a_rule_has_come_to_speak_against_is_refused(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    amina, ref = somebody("amina"), asked(somebody, house, says_yes=True)
    page = unfold(open_page("rota", "amina", session=house["session"]), f"swap_{house['session']}")
    field(page, "selectbox", "Who has agreed").set_value(house["ines"])
    with transaction() as db:
        ines = db.scalars(select(Volunteer).where(Volunteer.ref == house["ines"])).one()
        dana = make_person(db, amina, "Dana", "Quill")
        keep_apart(db, amina, ines, dana)
        group = db.scalars(select(Group).where(Group.ref == house["group"])).one()
        make_place(db, amina, group, dana)
    press(page, "Swap")

    assert "Dana" not in everything(page)
    assert "Nobody else can take it on" in page.info[-1].value
    assert state(ref) is ShiftState.ACCEPTED


def test_an_answer_on_a_stale_screen_is_not_written_down(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    ref = asked(somebody, house)
    page = open_page("rota", "amina", session=house["session"])
    zora = somebody("zora")
    with transaction() as db:
        shifts.answer(db, zora, ref, accepts=True, version=1)

    field(page, "selectbox", "Her answer").set_value("no")
    press(page, "Record her answer")

    assert state(ref) is ShiftState.ACCEPTED


def test_whom_to_weigh_is_asked_for_with_a_reason_and_nobody_named(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        session = allowed.session_of(db, amina, house["session"])
        dana = make_person(db, amina, "Dana", "Rowe")  # the same surname as Maya's
        group = db.get_one(Group, session.group_id)
        make_place(db, amina, group, dana)
    page = open_page("rota", "amina", session=house["session"])

    field(page, "selectbox", "Volunteer").set_value(house["maya"])
    press(page, "Ask her")
    assert "Dana" not in everything(page)
    field(page, "text_input", "Why it is right").input("They are strangers.")
    press(page, "Ask her")

    assert table(page)[0]["name"] == "Maya Rowe"


# --- A whole term --------------------------------------------------------------------------


@pytest.fixture
def filling(open_page: OpenPage, somebody: Somebody, house: dict[str, str]) -> Iterator[AppTest]:
    """The page with a term of two weeks being filled; ended whatever the test does."""
    page = unfold(open_page("rota", "amina"), "rota_fill")
    field(page, "date_input", "Up to").set_value(FIRST + timedelta(days=7))
    press(page, "Fill the term")
    yield page
    if "rota_running" in page.session_state:
        page.session_state["rota_running"].stop()
        page.session_state["rota_running"].wait(20)


def proposed(page: AppTest) -> AppTest:
    page.session_state["rota_running"].wait(40)
    return page.run()


def test_a_term_is_filled_looked_through_and_confirmed(filling: AppTest) -> None:
    page = proposed(filling)
    assert any("no rota could cover more" in one.value for one in page.markdown)
    assert {row["name"] for row in table(page, -1)} <= {"Maya Rowe", "Ines Marsh"}

    press(page, "Ask them all")

    with reading() as db:
        assert {one.state for one in db.scalars(select(Shift))} == {ShiftState.OFFERED}
    assert "rota_running" not in page.session_state


def test_a_group_left_out_is_not_asked_for(filling: AppTest) -> None:
    page = proposed(filling)
    page.multiselect[0].set_value([])
    press(page, "Ask them all")

    assert "at least one group" in page.error[0].value
    with reading() as db:
        assert db.scalars(select(Shift)).all() == []


def test_a_proposal_overtaken_by_somebody_else_asks_nobody(
    filling: AppTest, somebody: Somebody, house: dict[str, str]
) -> None:
    page = proposed(filling)
    asked(somebody, house)

    press(page, "Ask them all")

    assert "Nobody was asked" in page.error[0].value
    with reading() as db:
        assert len(db.scalars(select(Shift)).all()) == 1


def test_a_proposal_can_be_put_away(filling: AppTest) -> None:
    page = proposed(filling)

    press(page, "Put it away, ask nobody")

    assert field(page, "date_input", "Up to")


def test_a_day_in_the_past_is_refused(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    page = unfold(open_page("rota", "amina"), "rota_fill")
    field(page, "date_input", "Up to").set_value(date(2026, 9, 1))
    press(page, "Fill the term")

    assert "last day" in page.error[0].value


def test_a_group_may_need_more_and_a_creche_of_one_is_refused(
    open_page: OpenPage, somebody: Somebody, house: dict[str, str]
) -> None:
    page = unfold(open_page("rota", "amina"), "rota_needs")
    field(page, "number_input", "Crèche").set_value(1)
    press(page, "Keep")
    assert "alone with children" in page.error[0].value

    field(page, "number_input", "Crèche").set_value(2)
    press(page, "Keep")

    assert "Crèche (2)" in table(page)[0]["missing"]


@pytest.mark.parametrize(
    ("covered", "at_most", "says"),
    [
        (38, 252, "38 places covered, at least 15 % of what any rota could: none covers more"),
        (99, 100, "99 places covered, at least 99 % of what any rota could"),
        (999, 1000, "at least 99 % of what any rota could"),
        (40, 40, "40 places covered; no rota could cover more."),
    ],
)
def test_how_good_a_filled_term_is_at_least_is_said_as_it_is(
    covered: int, at_most: int, says: str
) -> None:
    assert says in proven(Filled(frozenset(), covered, at_most, faces=0, faces_at_least=0))
