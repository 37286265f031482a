"""Referrals on screen: taking one down, the warning, the steps, the partners, who sees what."""

from datetime import date

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from models import Person, Referral, ReferralState
from services.db import reading, transaction
from services.referrals import agency_workers, referral_steps
from services.referrals.agency_workers import WorkerDraft
from tests.make import make_agency, make_group, make_person, make_place, make_referral
from tests.pages.conftest import OpenPage, Somebody, form_key, press, unfold

S = ReferralState
TODAY = date(2026, 9, 16)


@pytest.fixture
def sent(somebody: Somebody) -> str:
    """A referral's reference: Dana's, who is in one of Ben's groups."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        dana = make_person(db, amina)
        ref = make_referral(db, amina, dana, reason="Would like *a group*").ref
        make_place(db, amina, make_group(db, amina, [ben]), dana)
        return ref


@pytest.fixture
def waiting_for_us(somebody: Somebody) -> str:
    """A referral's reference: Ines', with whom nobody has spoken."""
    amina = somebody("amina")
    with transaction() as db:
        return make_referral(db, amina, make_person(db, amina, "Ines")).ref


# --- The list ----------------------------------------------------------------------------


def test_with_nothing_there_the_page_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("referrals", "amina")
    assert not page.exception
    assert "add one below" in page.info[0].value


def test_the_list_shows_those_on_the_way_first_and_others_by_heading(
    open_page: OpenPage, sent: str, waiting_for_us: str
) -> None:
    page = open_page("referrals", "amina")
    assert _names(page) == ["Ines Okoro"]
    assert page.dataframe[0].value["origin"].tolist() == ["Herself"]

    page.button_group("referrals_state").set_value("place").run()
    assert _names(page) == ["Dana Okoro"]


def test_a_facilitator_sees_her_own_people_and_no_form(
    open_page: OpenPage, sent: str, waiting_for_us: str
) -> None:
    page = open_page("referrals", "ben")
    page.button_group("referrals_state").set_value("place").run()
    assert _names(page) == ["Dana Okoro"]
    assert not page.text_input

    page = open_page("referrals", "ben", referral=sent)
    assert page.title[0].value == "Dana Okoro"
    assert not page.selectbox


@pytest.mark.parametrize("who", ["leila", "ada", "vik", "erin"])
def test_nobody_else_finds_the_page_in_her_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("referrals", who)


def test_somebody_elses_referral_is_not_there(
    open_page: OpenPage, somebody: Somebody, sent: str
) -> None:
    page = open_page("referrals", "chloe", referral=sent)
    assert "could not be found" in page.error[0].value


# --- Taking one down ---------------------------------------------------------------------


def test_somebody_new_is_taken_down_in_one_step(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        agency = make_agency(db, amina)
        agency_workers.add(db, amina, agency, WorkerDraft(name="Wren Tull"))
    page = open_page("referrals", "amina")

    _fill_in(page, "Dana", "Okoro")
    box = page.selectbox(form_key("agency"))
    assert box.options[-2:] == ["Harbour Advice", "Harbour Advice · Wren Tull"]
    box.select_index(3)
    page.text_area(form_key("reason")).input("Would like a group")
    press(page, "Add the referral")

    assert not page.exception
    assert page.title[0].value == "Dana Okoro"
    assert "by Harbour Advice · Wren Tull" in page.caption[0].value.replace("\\", "")


def test_nobody_chosen_as_sender_is_said_at_the_field_and_nothing_is_lost(
    open_page: OpenPage,
) -> None:
    page = open_page("referrals", "amina")
    _fill_in(page, "Dana", "Okoro")
    page.text_area(form_key("reason")).input("Would like a group")
    press(page, "Add the referral")

    assert page.error[0].value == "Choose who referred her."
    assert page.text_input(form_key("first_name")).value == "Dana"
    assert page.text_area(form_key("reason")).value == "Would like a group"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_somebody_like_her_is_shown_before_a_second_record_is_made(
    open_page: OpenPage, waiting_for_us: str
) -> None:
    page = unfold(open_page("referrals", "amina"), "new_referral")
    _fill_in(page, "Ines", "Okoro")
    page.selectbox(form_key("agency")).select_index(1)
    press(page, "Add the referral")
    assert page.warning[0].value.startswith("Perhaps already here")

    press(page, "Go on")
    assert page.error[0].value.startswith("Choose one of the records")

    page.radio(form_key("record")).set_value(page.radio(form_key("record")).options[0])
    press(page, "Go on")

    assert page.title[0].value == "Ines Okoro"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1
        assert db.scalar(select(func.count()).select_from(Referral)) == 2


def test_she_may_go_on_with_somebody_different(open_page: OpenPage, waiting_for_us: str) -> None:
    page = unfold(open_page("referrals", "amina"), "new_referral")
    _fill_in(page, "Ines", "Okoro")
    page.selectbox(form_key("agency")).select_index(0)
    press(page, "Add the referral")
    page.radio(form_key("record")).set_value(page.radio(form_key("record")).options[-1])
    press(page, "Go on")

    assert not page.exception
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 2


def test_one_is_taken_down_from_her_own_page(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        dana = make_person(db, amina).ref
    page = open_page("participants", "amina", participant=dana)
    page.button_group("part").set_value("referrals").run()
    assert "No referral is recorded" in page.info[0].value

    page.selectbox(form_key("agency", dana)).select_index(0)
    press(page, "Add the referral")

    assert page.title[0].value == "Dana Okoro"
    assert page.caption[0].value.endswith("by herself")


# --- One referral ------------------------------------------------------------------------


def test_a_referral_shows_its_clocks_and_what_was_typed_letter_by_letter(
    open_page: OpenPage, sent: str
) -> None:
    page = open_page("referrals", "amina", referral=sent)
    assert [one.value for one in page.metric] == [
        "after 15 days",
        "after 15 days",
        "15 days so far",
    ]
    assert "Would like *a group*" in [one.value for one in page.text]


def test_a_step_is_made_and_stands_in_the_history(open_page: OpenPage, waiting_for_us: str) -> None:
    page = open_page("referrals", "amina", referral=waiting_for_us)
    page.selectbox(form_key("state", waiting_for_us)).select("meeting_booked")
    press(page, "Save the step")

    assert page.toast[0].value == "Pre-group meeting booked, from 16 September 2026."
    assert page.dataframe[0].value["after"].tolist() == ["Pre-group meeting booked", "Referred"]


def test_a_missing_reason_is_asked_for_and_a_stale_form_refused(
    open_page: OpenPage, somebody: Somebody, waiting_for_us: str
) -> None:
    page = open_page("referrals", "amina", referral=waiting_for_us)
    page.selectbox(form_key("state", waiting_for_us)).select("declined")
    press(page, "Save the step")
    assert page.error[0].value.startswith("Give the reason")

    zora = somebody("zora")
    with transaction() as db:
        referral_steps.move(
            db, zora, waiting_for_us, ReferralState.MEETING_BOOKED, on=TODAY, version=1
        )
    page.text_input(form_key("reason", waiting_for_us)).input("Found help nearby")
    press(page, "Save the step")
    assert page.error[0].value.startswith("Meanwhile somebody else changed this referral.")
    assert page.text_input(form_key("reason", waiting_for_us)).value == "Found help nearby"


def test_her_place_moves_it_and_the_page_says_so(open_page: OpenPage, sent: str) -> None:
    page = open_page("referrals", "amina", referral=sent)
    assert "Her place in a group moves this along" in page.info[0].value
    assert not page.selectbox


@pytest.fixture
def on_the_list(somebody: Somebody, waiting_for_us: str) -> str:
    """Ines' referral, on the waiting list."""
    amina = somebody("amina")
    with transaction() as db:
        for version, state in enumerate((S.MEETING_BOOKED, S.SUITABLE, S.WAITING), 1):
            referral_steps.move(db, amina, waiting_for_us, state, on=TODAY, version=version)
            db.flush()
    return waiting_for_us


# --- The waiting list and waiting times --------------------------------------------------


def test_somebody_is_put_first_for_all_to_see_and_back_again(
    open_page: OpenPage, on_the_list: str
) -> None:
    page = open_page("referrals", "amina")
    page.button_group("show").set_value("waiting").run()
    assert page.dataframe[0].value["days"].tolist() == [15]

    unfold(page, "put_first")
    page.selectbox(form_key("who")).select_index(0)
    page.text_input(form_key("jump")).input("Her baby is due")
    press(page, "Put her first")
    assert page.dataframe[0].value["put_first_because"].tolist() == ["Her baby is due"]

    unfold(page, "put_back")
    page.selectbox(form_key("who", "back", 1)).select_index(0)
    press(page, "Put her back in order")
    assert page.dataframe[0].value["put_first_because"].isna().all()


def test_an_empty_waiting_list_says_how_somebody_comes_onto_it(open_page: OpenPage) -> None:
    page = open_page("referrals", "ben")
    page.button_group("show").set_value("waiting").run()
    assert page.info[0].value.startswith("Nobody waits here.")


@pytest.mark.parametrize("who", ["amina", "leila"])
def test_waiting_times_say_who_waits_still(
    open_page: OpenPage, waiting_for_us: str, who: str
) -> None:
    page = open_page("waiting-times", who)
    assert not page.exception
    assert [one.value for one in page.header] == [
        "To the first contact", "To the offer of a place", "To the first session",
    ]  # fmt: skip
    assert "1 wait still, the longest 15 days so far" in page.markdown[0].value


def test_without_referrals_waiting_times_say_when_they_appear(open_page: OpenPage) -> None:
    page = open_page("waiting-times", "leila")
    assert page.info[0].value.startswith("No referral in the last two years.")


@pytest.mark.parametrize("who", ["ben", "ada", "vik", "erin"])
def test_nobody_else_finds_waiting_times(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("waiting-times", who)


def _fill_in(page: AppTest, first: str, last: str) -> None:
    page.text_input(form_key("first_name")).input(first)
    page.text_input(form_key("last_name")).input(last)


def _names(page: AppTest) -> list[str]:
    return page.dataframe[0].value["name"].tolist()
