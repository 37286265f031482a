"""Safe contact on a person's page: whether first, numbers only on request."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from models import (
    AuditEntry,
    ContactAttempt,
    ContactPlan,
    ContactRoute,
    Group,
    GroupState,
    Person,
    Route,
    RouteAnswer,
)
from services import organisation
from services.db import reading, transaction
from services.safe_contact import plans
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.view import plan_of
from services.waits import Kind
from tests.conftest import Clock
from tests.make import make_contact, make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, press, waiting

NUMBER = "07700 900111"


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Somebody in a group of Ben's, of whom nothing is known; her reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina)
        make_place(db, amina, make_group(db, amina, [ben]), person)
        return person.ref


@pytest.fixture
def reached(somebody: Somebody, dana: str) -> str:
    """The same, once she has said that she may be called; a code word is kept."""
    amina = somebody("amina")
    with transaction() as db:
        person = db.scalars(select(Person).where(Person.ref == dana)).one()
        words = PlanDraft(code_word="marmalade", without_code_word="Say wrong number")
        plans.save(db, amina, dana, words, version=0)
        make_contact(db, amina, person, may_leave_message=True)
    return dana


def opened(open_page: OpenPage, username: str, ref: str) -> AppTest:
    return open_page("participants", username, participant=ref, part="contact")


# --- What is seen first ------------------------------------------------------------------


def test_with_nothing_kept_the_page_says_not_to_contact_her(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, "ben", dana)

    assert not page.exception
    assert page.error[0].value == "**Do not contact her: nobody has asked her yet what is safe.**"
    assert "All ways: no." in _text(page)
    # And leads on: the form to record what she says is open.
    assert page.radio(form_key("answer", f"{dana}_call")).value == "no"


def test_a_number_that_was_brought_in_is_no_word_of_hers(open_page: OpenPage, dana: str) -> None:
    with transaction() as db:
        person = db.scalars(select(Person.id).where(Person.ref == dana)).one()
        db.add(ContactRoute(person_id=person, route=Route.CALL, address=NUMBER))

    page = opened(open_page, "ben", dana)

    assert "What she said before:" not in [one.value for one in page.caption]
    assert "All ways: no." in _text(page)
    assert page.radio(form_key("answer", f"{dana}_call")).value == "no"


def test_who_may_be_called_now_is_said_first_in_words(open_page: OpenPage, reached: str) -> None:
    page = opened(open_page, "ben", reached)

    assert page.success[0].value == "**You may contact her now:** Call."
    assert "**Call**: yes · may leave a message · do not say who we are" in _text(page)
    assert "Ask for her code word" in _text(page)
    assert "Say wrong number" in _text(page)


def test_neither_number_nor_code_word_is_on_the_page(open_page: OpenPage, reached: str) -> None:
    page = opened(open_page, "amina", reached)

    assert not _everywhere(page, NUMBER)
    assert not _everywhere(page, "marmalade")


def test_a_number_is_shown_on_request_noted_and_gone_at_the_next_click(
    open_page: OpenPage, reached: str
) -> None:
    page = opened(open_page, "ben", reached)

    press(page, "Show: number for calls")
    assert page.info[-1].value == f"**{NUMBER}**"
    assert not _everywhere(page, "marmalade")

    press(page, "Show: code word she gives")
    assert page.info[-1].value == "**marmalade**"
    assert not _everywhere(page, NUMBER)

    page.run()
    assert not _everywhere(page, "marmalade")
    assert _count("contact.revealed") == 2


def test_a_number_that_must_not_be_used_is_shown_with_the_reason(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        plans.suspend(db, amina, reached, "A man answered")
    page = opened(open_page, "ben", reached)

    press(page, "Show: number for calls")

    assert NUMBER in page.error[-1].value
    assert "Do not contact her" in page.error[-1].value


# --- Confirming --------------------------------------------------------------------------


def test_a_lapsed_plan_is_confirmed_in_one_tap(
    open_page: OpenPage, reached: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=31)
    page = opened(open_page, "ben", reached)
    assert page.warning[0].value.startswith("**Confirm again first: she last confirmed her plan")

    press(page, "She says it is all still right today")

    assert page.toast[0].value == "Confirmed today. That holds for 30 days."
    assert page.success[0].value.startswith("**You may contact her now:**")


def test_what_changed_meanwhile_is_not_confirmed_unseen(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    page = opened(open_page, "ben", reached)
    draft = RouteDraft(route=Route.EMAIL, answer=RouteAnswer.YES, address="d@example.org")
    _saved_by_amina(somebody, reached, draft)

    press(page, "She says it is all still right today")

    assert "Amina changed her safe-contact plan" in page.error[-1].value
    with reading() as db:
        assert db.scalars(select(ContactPlan.confirmed_on)).one() is None


# --- Stopping ----------------------------------------------------------------------------


def test_contact_is_stopped_with_a_reason_and_lifted_again(
    open_page: OpenPage, reached: str
) -> None:
    page = opened(open_page, "ben", reached)
    _unfold(page, f"folded_contact_stop_{reached}")
    page.text_input(form_key("reason", reached)).input("Her phone was taken")
    press(page, "Stop all contact now")

    assert page.error[0].value.startswith("**Do not contact her: contact is suspended")
    assert page.error[0].value.endswith("Since 16 September 2026: Her phone was taken")
    assert "She says it is all still right today" not in _buttons(page)

    press(page, "Lift the suspension")
    assert page.warning[0].value.startswith("**Confirm her plan with her first")


def test_when_somebody_else_answered_the_page_asks_to_stop_and_shows_how(
    open_page: OpenPage, reached: str
) -> None:
    page = opened(open_page, "ben", reached)
    _unfold(page, f"folded_contact_note_{reached}")
    page.selectbox(form_key("route", reached)).set_value("call")
    page.selectbox(form_key("outcome", reached)).set_value("someone_else")
    press(page, "Note it")

    assert "Stop contact now?" in page.error[0].value
    assert page.dataframe[-1].value["outcome"].tolist() == ["Somebody else answered"]

    page.text_input(form_key("reason", reached, 1)).input("A man answered")
    press(page, "Stop all contact now")
    assert page.error[0].value.startswith("**Do not contact her")


def test_an_attempt_without_its_outcome_is_refused_at_the_field(
    open_page: OpenPage, reached: str
) -> None:
    page = opened(open_page, "ben", reached)
    _unfold(page, f"folded_contact_note_{reached}")
    page.selectbox(form_key("route", reached)).set_value("call")
    press(page, "Note it")

    assert page.error[0].value == "Choose what came of it."
    with reading() as db:
        assert db.scalar(select(func.count(ContactAttempt.id))) == 0


# --- Changing ----------------------------------------------------------------------------


def test_a_route_is_recorded_by_itself_and_waits_for_her_word(
    open_page: OpenPage, dana: str
) -> None:
    page = opened(open_page, "ben", dana)
    page.radio(form_key("answer", f"{dana}_call")).set_value("only_when").run()
    page.text_input(form_key("address", f"{dana}_call")).input(NUMBER)
    page.text_input(form_key("condition", f"{dana}_call")).input("The children are at school")
    press(page, "Save: Call")

    assert not page.exception
    assert page.warning[0].value.startswith("**Confirm her plan with her first")
    assert r"only when\: The children are at school" in _text(page)

    press(page, "She says it is all still right today")
    assert page.warning[0].value.startswith("**Check first")


def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    open_page: OpenPage, dana: str
) -> None:
    page = opened(open_page, "ben", dana)
    page.radio(form_key("answer", f"{dana}_call")).set_value("only_when").run()
    page.text_input(form_key("address", f"{dana}_call")).input(NUMBER)
    press(page, "Save: Call")

    assert page.error[-1].value == "Say when: choose days or times, or write what must be so."
    assert page.text_input(form_key("address", f"{dana}_call")).value == NUMBER


def test_who_comes_second_sees_both_versions_of_a_route_and_chooses(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    page, name = opened(open_page, "ben", reached), f"{reached}_call"
    _unfold(page, f"folded_contact_route_{reached}")
    draft = RouteDraft(
        route=Route.CALL, answer=RouteAnswer.ONLY_WHEN, weekdays=[0], address="07700 900222"
    )
    _saved_by_amina(somebody, reached, draft)

    page.text_input(form_key("address", name)).input("07700 900333")
    press(page, "Save: Call")
    # Both changed the number: neither is suggested, and hers is not shown.
    number, rule = page.radio(f"choose_{name}_address"), page.radio(f"choose_{name}_rule")
    assert number.options[1] == "There now: what is kept and not shown"
    assert (number.value, rule.value) == (None, "theirs")
    assert rule.options == ["Yours: yes", r"There now: only when\: Mondays"]
    press(page, "Save what I chose")
    assert page.error[-1].value == "Choose one of the two for each field."

    page.radio(f"choose_{name}_address").set_value("theirs")
    press(page, "Save what I chose")

    assert page.toast[0].value.startswith("Saved.")
    with reading() as db:
        kept = db.scalars(select(ContactRoute)).one()
        assert (kept.address, kept.answer) == ("07700 900222", RouteAnswer.ONLY_WHEN)


def test_another_route_changed_meanwhile_stands_in_nobodys_way(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    page = opened(open_page, "ben", reached)
    _unfold(page, f"folded_contact_route_{reached}")
    email = RouteDraft(route=Route.EMAIL, answer=RouteAnswer.YES, address="d@example.org")
    _saved_by_amina(somebody, reached, email)

    page.checkbox(form_key("say_who", f"{reached}_call")).check()
    press(page, "Save: Call")

    assert page.toast[0].value.startswith("Saved.")
    with reading() as db:
        said = {one.route: one.may_say_who for one in db.scalars(select(ContactRoute))}
        assert said == {Route.CALL: True, Route.EMAIL: False}


def test_what_holds_for_every_route_is_chosen_field_by_field(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    page, name = opened(open_page, "ben", reached), f"{reached}_plan"
    _unfold(page, f"folded_contact_details_{reached}")
    amina = somebody("amina")
    with transaction() as db:
        seen = plan_of(db, amina, reached).version
        theirs = PlanDraft(note="Theirs", code_word="thyme", without_code_word="Say wrong number")
        plans.save(db, amina, reached, theirs, version=seen)

    page.text_input(form_key("note", reached)).input("Mine")
    page.text_input(form_key("who_else_sees", reached)).input("Her sister")
    press(page, "Save")
    assert page.radio(f"choose_{name}_who_else_sees").value == "mine"
    page.radio(f"choose_{name}_note").set_value("mine")
    press(page, "Save what I chose")

    with reading() as db:
        kept = db.scalars(select(ContactPlan)).one()
        assert (kept.note, kept.who_else_sees, kept.code_word) == ("Mine", "Her sister", "thyme")


def test_the_code_word_stays_when_the_rest_is_saved(open_page: OpenPage, reached: str) -> None:
    page = opened(open_page, "ben", reached)
    _unfold(page, f"folded_contact_details_{reached}")
    page.text_input(form_key("name_to_use", reached)).input("Sarah from the craft group")
    press(page, "Save")

    assert "Sarah from the craft group" in _text(page)
    press(page, "Show: code word she gives")
    assert page.info[-1].value == "**marmalade**"


def test_markup_in_what_was_written_is_shown_and_not_obeyed(
    open_page: OpenPage, somebody: Somebody, reached: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        draft = PlanDraft(note="![x](//example.org/x)", without_code_word="Say wrong number")
        plans.save(db, amina, reached, draft, version=plan_of(db, amina, reached).version)

    page = opened(open_page, "ben", reached)

    assert r"\!\[x\]\(\/\/example\.org\/x\)" in _text(page)


# --- On the way there --------------------------------------------------------------------


def test_after_adding_somebody_her_safe_contact_is_asked_next(open_page: OpenPage) -> None:
    page = open_page("participants", "amina")
    page.text_input(form_key("first_name", "family")).input("Noor")
    page.text_input(form_key("last_name", "family")).input("Rowe")
    press(page, "Add")

    assert page.title[0].value == "Noor Rowe"
    assert page.header[0].value == "Safe contact"
    assert page.toast[0].value.endswith("Ask her next how she may be reached safely.")


def _days(page: AppTest) -> Any:
    """The field for how long a confirmation counts."""
    return next(box for box in page.number_input if "safe-contact plan" in box.label)


def test_a_setting_out_of_bounds_is_refused_beneath_it_and_stays_typed(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("settings", "ada")
    _days(page).set_value(400)
    press(page, "Save")

    assert page.error[0].value == "Choose between 1 and 365 days."
    assert _days(page).value == 400
    with reading() as db:
        assert organisation.to_edit(db, somebody("ada")).contact_days == 30


def test_settings_somebody_else_changed_meanwhile_are_not_overwritten(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("settings", "ada")
    with transaction() as db:
        ada = somebody("ada")
        organisation.save(db, ada, replace(organisation.to_edit(db, ada), contact_days=20))
    press(page, "Save")

    assert "Somebody else changed the settings" in page.error[0].value
    with reading() as db:
        assert organisation.to_edit(db, somebody("ada")).contact_days == 20


def test_how_long_a_confirmation_counts_is_a_setting(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("settings", "ada")
    _days(page).set_value(14)
    press(page, "Save")

    assert not page.exception
    with reading() as db:
        assert organisation.to_edit(db, somebody("ada")).contact_days == 14


def test_today_says_how_many_plans_need_confirming_and_leads_there(
    open_page: OpenPage, dana: str
) -> None:
    with transaction() as db:
        db.scalars(select(Group)).one().state = GroupState.RUNNING
    page = open_page("today", "ben")
    assert waiting(page) == ["Safe-contact plans to confirm (1)"]
    assert "contact_due_list" not in [table.key for table in page.dataframe]

    page = looked_at(page, Kind.CONTACT)
    assert page.dataframe("contact_due_list").value["name"].tolist() == ["Dana Okoro"]


@pytest.mark.parametrize("username", ["chloe", "leila"])
def test_today_says_nothing_of_plans_that_are_not_hers(
    open_page: OpenPage, dana: str, username: str
) -> None:
    with transaction() as db:
        db.scalars(select(Group)).one().state = GroupState.RUNNING
    page = open_page("today", username)

    assert waiting(page) == []


# --- Who may -----------------------------------------------------------------------------


def test_a_facilitator_of_other_groups_finds_nobody(open_page: OpenPage, reached: str) -> None:
    page = opened(open_page, "chloe", reached)

    assert page.error[0].value.startswith("This person could not be found.")


@pytest.mark.parametrize("username", ["leila", "ada", "vik", "erin"])
def test_nobody_else_has_the_page_in_her_menu(
    open_page: OpenPage, reached: str, username: str
) -> None:
    with pytest.raises(ValueError, match="navigation"):
        opened(open_page, username, reached)


def _text(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption])


def _everywhere(page: AppTest, secret: str) -> bool:
    """Whether it stands anywhere in what was sent to the browser."""
    return secret in str(page)


def _count(action: str) -> int:
    with reading() as db:
        return db.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def _saved_by_amina(somebody: Somebody, ref: str, draft: RouteDraft) -> None:
    amina = somebody("amina")
    with transaction() as db:
        plans.save_route(db, amina, ref, draft, version=plan_of(db, amina, ref).version)


def _unfold(page: AppTest, key: str) -> None:
    page.session_state[key] = True
    page.run()


def _buttons(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def test_a_number_goes_from_the_screen_by_itself(time_stands_still: Clock) -> None:
    def page() -> None:
        import streamlit as st

        from services import clock
        from ui.components import for_a_while

        over = st.session_state.setdefault("over", clock.now() + for_a_while.A_MINUTE)
        for_a_while.shown_until(lambda: st.write("07700 900111"), over)

    shown = AppTest.from_function(page).run()
    time_stands_still.go_on(seconds=59)
    assert [one.value for one in shown.run().markdown] == ["07700 900111"]
    time_stands_still.go_on(seconds=1)
    assert not shown.run().markdown
