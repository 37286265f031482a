"""Recording measures through the real screen: what is kept, corrected and due."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from models import (
    Facilitation,
    Group,
    MeasureForm,
    Outcome,
    Person,
    PersonKind,
    Point,
    Respondent,
    Route,
)
from services.db import reading, transaction
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.make import make_contact, make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, charts, press

TODAY = date(2026, 9, 16)


@pytest.fixture
def kite(somebody: Somebody) -> tuple[str, str]:
    """Ben's group with one child in it: the group's reference, and the place's."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")
        robin = make_person(db, amina, "Robin", kind=PersonKind.CHILD)
        return group.ref, make_place(db, amina, group, robin).ref


def kept() -> list[MeasureForm]:
    with reading() as db:
        return list(db.scalars(select(MeasureForm).order_by(MeasureForm.id)))


def item(page: AppTest, place: str, number: int) -> str:
    return f"measure_{place}_steps_self_start_item_{number}"


def fill(page: AppTest, place: str, *, leave_out: int | None = None) -> None:
    for number in range(1, 9):
        if number != leave_out:
            page.radio(item(page, place, number)).set_value("2")


# --- Recording ---------------------------------------------------------------------------


def test_without_a_group_the_page_says_who_gives_her_one(open_page: OpenPage) -> None:
    page = open_page("measures", "ben")

    assert not page.exception
    assert page.info[0].value.startswith("You have no groups yet")


def test_an_empty_group_says_that_forms_come_with_people(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        make_group(db, amina, [ben])

    page = open_page("measures", "ben")

    assert page.info[0].value.startswith("Nobody has a place in this group yet")


def test_nothing_is_chosen_before_she_chooses(open_page: OpenPage, kite: tuple[str, str]) -> None:
    page = open_page("measures", "ben")

    assert [page.radio(item(page, kite[1], n)).value for n in range(1, 9)] == [None] * 8
    assert page.radio(item(page, kite[1], 1)).options[0] == "0 Not yet"
    assert page.radio(item(page, kite[1], 1)).options[-1] == "Not seen"
    assert page.date_input[0].value == TODAY


def test_a_facilitator_records_the_steps_and_the_next_form_opens(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben", group=kite[0])

    fill(page, kite[1])
    page.radio(item(page, kite[1], 5)).set_value("blank")
    press(page, "Save")

    assert not page.exception
    assert page.toast[0].value.startswith("Saved. ")
    (form,) = kept()
    assert form.answers == {**{str(n): 2 for n in range(1, 9)}, "5": None}
    assert (form.taken_on, form.respondent) == (TODAY, Respondent.SELF)
    assert page.selectbox[2].value == "Steps, parent’s or carer’s answers, start"
    assert charts(page) == 2


def test_a_mistake_stands_at_its_field_and_keeps_everything(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")

    fill(page, kite[1], leave_out=7)
    press(page, "Save")

    sentence = "Using words when upset: choose an answer, or “Not seen”."
    assert [error.value for error in page.error] == [sentence]
    assert page.radio(item(page, kite[1], 1)).value == "2"
    assert kept() == []

    page.radio(item(page, kite[1], 7)).set_value("4")
    press(page, "Save")
    assert [form.answers["7"] for form in kept() if form.answers] == [4]


def test_a_date_taken_out_is_asked_for_and_nothing_is_lost(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")

    fill(page, kite[1])
    page.date_input[0].set_value(None)
    press(page, "Save")

    assert [error.value for error in page.error] == ["Enter the date."]
    assert page.radio(item(page, kite[1], 1)).value == "2"
    assert kept() == []


def test_not_filled_in_is_recorded_with_its_reason(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")

    page.radio(f"measure_{kite[1]}_steps_self_start_outcome").set_value("declined").run()
    assert len(page.radio) == 1
    press(page, "Save")

    assert [(form.outcome, form.answers) for form in kept()] == [(Outcome.DECLINED, None)]


def test_a_recorded_form_opens_as_it_was_and_can_be_corrected(
    open_page: OpenPage, somebody: Somebody, kite: tuple[str, str]
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        measures.record(db, ben, kite[1], _steps(3))
    page = open_page("measures", "ben")

    page.selectbox[2].set_value("Steps, child’s own answers, start").run()
    assert page.radio(item(page, kite[1], 1)).value == "3"
    page.radio(item(page, kite[1], 1)).set_value("4")
    press(page, "Save")

    (form,) = kept()
    assert form.version == 2
    assert form.answers is not None
    assert (form.answers["1"], form.answers["2"]) == (4, 3)


def test_who_comes_second_sees_the_others_answers_and_keeps_her_own(
    open_page: OpenPage, somebody: Somebody, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")
    fill(page, kite[1])
    chloe = somebody("chloe")
    with transaction() as db:
        _let_facilitate(db, chloe, kite[0])
        measures.record(db, chloe, kite[1], _steps(3))

    press(page, "Save")

    assert "recorded or changed while you had it open" in page.error[0].value
    assert any("recorded by Chloe" in text.value for text in page.markdown)
    assert set(page.dataframe[-1].value["Answer"]) == {"3 Mostly by themselves"}
    assert page.radio(item(page, kite[1], 1)).value == "2"
    assert [form.total for form in kept()] == [3]

    press(page, "Save")
    assert [(form.total, form.version) for form in kept()] == [(2, 2)]


def test_a_sum_from_paper_is_asked_for_where_the_wording_may_not_be_shown(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        make_place(db, amina, group, make_person(db, amina))
    page = open_page("measures", "ben")
    page.selectbox[2].set_value("SWEMWBS, own answers, start").run()

    press(page, "Save")
    assert page.error[0].value.startswith("Enter the total from the paper form")
    page.number_input[0].set_value(21)
    press(page, "Save")

    assert [form.total for form in kept()] == [19.25]


def test_a_paper_form_is_typed_in_one_line_and_looked_at_before_it_is_saved(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")
    line = f"measure_{kite[1]}_steps_self_start_typed"

    page.text_input(line).set_value("0123 43-1").run()

    assert not page.exception
    values = [page.radio(item(page, kite[1], n)).value for n in range(1, 9)]
    assert values == ["0", "1", "2", "3", "4", "3", "blank", "1"]
    assert page.text_input(line).value == ""
    assert kept() == []
    press(page, "Save")
    assert [(form.answers or {})["5"] for form in kept()] == [4]


def test_a_slip_in_the_line_fills_in_nothing_and_keeps_the_line(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")
    line = f"measure_{kite[1]}_steps_self_start_typed"

    page.text_input(line).set_value("01239").run()

    assert page.error[0].value == "Item 5 cannot be 9: type 0 to 4, or - for none."
    assert page.text_input(line).value == "01239"
    assert page.radio(item(page, kite[1], 1)).value is None


def test_what_was_saved_says_at_once_what_it_comes_to(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")
    fill(page, kite[1])
    press(page, "Save")

    assert page.success[0].value == (
        "**Robin Okoro** · Steps, child’s own answers, start: 2.00 on a scale of 0 to 4; higher "
        "is better."
    )


def test_a_corrected_form_shows_what_stood_there_before(
    open_page: OpenPage, somebody: Somebody, kite: tuple[str, str]
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        measures.record(db, ben, kite[1], _steps(3))
        measures.record(db, ben, kite[1], replace(_steps(2), version=1))
    page = open_page("measures", "ben")
    page.selectbox[2].set_value("Steps, child’s own answers, start").run()

    assert "What stood here before" in [box.label for box in page.expander]


@pytest.mark.parametrize("username", ["amina", "leila", "vik", "ada", "erin"])
def test_only_facilitators_have_the_page_in_their_menu(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="navigation"):
        open_page("pages/groups/measures.py", username)


def _steps(step: int) -> MeasureDraft:
    return MeasureDraft(
        measure="steps",
        respondent=Respondent.SELF,
        point=Point.START,
        taken_on=TODAY,
        answers=dict.fromkeys(range(1, 9), step),
    )


def _let_facilitate(db: Session, actor: Actor, group_ref: str) -> None:
    group = db.scalars(select(Group).where(Group.ref == group_ref)).one()
    db.add(Facilitation(group_id=group.id, account_id=actor.account_id))
    db.flush()


# --- What is due in all her groups -------------------------------------------------------


def test_what_is_due_is_listed_without_a_group_and_opens_from_the_list(
    open_page: OpenPage, kite: tuple[str, str]
) -> None:
    page = open_page("measures", "ben")
    assert not page.exception
    (table,) = page.dataframe
    assert set(table.value["name"]) == {"Robin Okoro"}
    assert set(table.value["group"]) == {"Kite"}
    assert open_page("measures", "ben", group=kite[0]).dataframe == []


def test_a_reminder_goes_by_a_safe_route_or_not_at_all(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], programme="side_by_side")
        dana = make_person(db, amina, "Dana")
        place = make_place(db, amina, group, dana).ref
        ref = group.ref
    page = open_page("measures", "ben", group=ref)
    page.session_state[f"folded_remind_{place}"] = True
    page.run()
    press(page, "May we, and where to?")
    assert page.error
    assert page.code == []

    with transaction() as db:
        found = db.scalars(select(Person)).one()
        make_contact(db, ben, found, Route.TEXT)
    press(page, "May we, and where to?")

    assert not page.error
    assert page.code[0].value == "07700 900111"
    assert "group" not in page.code[1].value
