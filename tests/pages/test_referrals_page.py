"""Referrals on screen: taking one down, the warning, the steps, the partners, who sees what."""

from datetime import date

import pytest
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from models import Organisation, Person, Referral, ReferralForm, ReferralState
from services.db import reading, transaction
from services.referrals import agencies, agency_workers, referral_forms, referral_steps
from services.referrals.agencies import AgencyDraft
from services.referrals.agency_workers import WorkerDraft
from services.waits import Kind
from tests.make import (
    make_agency,
    make_contact,
    make_group,
    make_person,
    make_place,
    make_referral,
)
from tests.pages.conftest import OpenPage, Somebody, looked_at, waiting
from tests.services.referrals.test_referral_forms import FIELDS

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
    box = page.selectbox(_key("agency"))
    assert box.options[-2:] == ["Harbour Advice", "Harbour Advice · Wren Tull"]
    box.select_index(3)
    page.text_area(_key("reason")).input("Would like a group")
    _press(page, "Add the referral")

    assert not page.exception
    assert page.title[0].value == "Dana Okoro"
    assert "by Harbour Advice · Wren Tull" in page.caption[0].value.replace("\\", "")


def test_nobody_chosen_as_sender_is_said_at_the_field_and_nothing_is_lost(
    open_page: OpenPage,
) -> None:
    page = open_page("referrals", "amina")
    _fill_in(page, "Dana", "Okoro")
    page.text_area(_key("reason")).input("Would like a group")
    _press(page, "Add the referral")

    assert page.error[0].value == "Choose who referred her."
    assert page.text_input(_key("first_name")).value == "Dana"
    assert page.text_area(_key("reason")).value == "Would like a group"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_somebody_like_her_is_shown_before_a_second_record_is_made(
    open_page: OpenPage, waiting_for_us: str
) -> None:
    page = _unfold(open_page("referrals", "amina"), "new_referral")
    _fill_in(page, "Ines", "Okoro")
    page.selectbox(_key("agency")).select_index(1)
    _press(page, "Add the referral")
    assert page.warning[0].value.startswith("Perhaps already here")

    _press(page, "Go on")
    assert page.error[0].value.startswith("Choose one of the records")

    page.radio(_key("record")).set_value(page.radio(_key("record")).options[0])
    _press(page, "Go on")

    assert page.title[0].value == "Ines Okoro"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1
        assert db.scalar(select(func.count()).select_from(Referral)) == 2


def test_she_may_go_on_with_somebody_different(open_page: OpenPage, waiting_for_us: str) -> None:
    page = _unfold(open_page("referrals", "amina"), "new_referral")
    _fill_in(page, "Ines", "Okoro")
    page.selectbox(_key("agency")).select_index(0)
    _press(page, "Add the referral")
    page.radio(_key("record")).set_value(page.radio(_key("record")).options[-1])
    _press(page, "Go on")

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

    page.selectbox(_key("agency", dana)).select_index(0)
    _press(page, "Add the referral")

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
    page.selectbox(_key("state", waiting_for_us)).select("meeting_booked")
    _press(page, "Save the step")

    assert page.toast[0].value == "Pre-group meeting booked, from 16 September 2026."
    assert page.dataframe[0].value["after"].tolist() == ["Pre-group meeting booked", "Referred"]


def test_a_missing_reason_is_asked_for_and_a_stale_form_refused(
    open_page: OpenPage, somebody: Somebody, waiting_for_us: str
) -> None:
    page = open_page("referrals", "amina", referral=waiting_for_us)
    page.selectbox(_key("state", waiting_for_us)).select("declined")
    _press(page, "Save the step")
    assert page.error[0].value.startswith("Give the reason")

    zora = somebody("zora")
    with transaction() as db:
        referral_steps.move(
            db, zora, waiting_for_us, ReferralState.MEETING_BOOKED, on=TODAY, version=1
        )
    page.text_input(_key("reason", waiting_for_us)).input("Found help nearby")
    _press(page, "Save the step")
    assert page.error[0].value.startswith("Meanwhile somebody else changed this referral.")
    assert page.text_input(_key("reason", waiting_for_us)).value == "Found help nearby"


def test_her_place_moves_it_and_the_page_says_so(open_page: OpenPage, sent: str) -> None:
    page = open_page("referrals", "amina", referral=sent)
    assert "Her place in a group moves this along" in page.info[0].value
    assert not page.selectbox


# --- Partners ----------------------------------------------------------------------------


def test_a_partner_is_added_changed_and_closed(open_page: OpenPage) -> None:
    page = open_page("referrals", "amina")
    page.button_group("show").set_value("partners").run()
    page.text_input(_key("name")).input("Harbour Advice")
    page.selectbox(_key("kind")).select("charity")
    _press(page, "Add")
    assert page.title[0].value == "Harbour Advice"

    ref = page.query_params["partner"]
    _unfold(page, "change_partner")
    page.text_input(_key("phone", ref if isinstance(ref, str) else ref[0], 1)).input("01632 960111")
    _press(page, "Save")
    assert page.text[0].value == "Phone: 01632 960111"

    _press(page, "Close this partner")
    assert "closed" in page.caption[0].value


def test_people_at_a_partner_are_added_and_changed(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ref = make_agency(db, amina)
    page = open_page("referrals", "amina", partner=ref)
    page.text_input(_key("name", f"worker{ref}")).input("Wren Tull")
    _press(page, "Add")
    assert page.dataframe[0].value["name"].tolist() == ["Wren Tull"]

    _unfold(page, "change_worker")
    page.selectbox(_key("worker_choice", ref, 1)).select_index(0).run()
    page.checkbox[0].uncheck()
    _press(page, "Save")
    with reading() as db:
        assert agency_workers.of_agency(db, amina, ref)["is_active"].tolist() == [False]


def test_two_who_change_one_partner_or_its_worker_choose_between_their_versions(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, zora = somebody("amina"), somebody("zora")
    with transaction() as db:
        ref = make_agency(db, amina)
        worker = agency_workers.add(db, amina, ref, WorkerDraft(name="Wren Tull"))
    page = open_page("referrals", "amina", partner=ref)
    for key in ("change_partner", "change_worker"):
        _unfold(page, key)
    page.selectbox(_key("worker_choice", ref)).select_index(0).run()
    with transaction() as db:
        hers = WorkerDraft(name="Wren Tull", phone="01632 960222")
        agency_workers.change(db, zora, worker, hers, active=True, version=1)

    page.checkbox(_key("works", worker)).uncheck()
    _press(page, "Save")
    assert page.radio(f"choose_{worker}_works").value == "mine"
    _press(page, "Save what I chose")
    with transaction() as db:
        theirs = AgencyDraft(name="Harbour Advice", kind="charity", phone="01632 960111")
        agencies.change(db, zora, ref, theirs, version=1)
    page.text_input(_key("name", ref, 1)).input("Harbour Aid")
    _press(page, "Save")
    _press(page, "Save what I chose")

    with reading() as db:
        kept = agency_workers.of_agency(db, amina, ref).iloc[0]
        assert (kept["phone"], kept["is_active"]) == ("01632 960222", False)
        partner = agencies.summary(db, amina, ref)
        assert (partner.name, partner.phone) == ("Harbour Aid", "01632 960111")


def test_a_facilitator_reads_partners_and_changes_none(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ref = make_agency(db, amina)
        assert agencies.choices(db, amina)
    page = open_page("referrals", "ben", partner=ref)
    assert page.title[0].value == "Harbour Advice"
    assert not page.text_input


# --- The waiting list and waiting times ------------------------------------------------------


@pytest.fixture
def on_the_list(somebody: Somebody, waiting_for_us: str) -> str:
    """Ines' referral, on the waiting list."""
    amina = somebody("amina")
    with transaction() as db:
        for version, state in enumerate((S.MEETING_BOOKED, S.SUITABLE, S.WAITING), 1):
            referral_steps.move(db, amina, waiting_for_us, state, on=TODAY, version=version)
            db.flush()
    return waiting_for_us


def test_somebody_is_put_first_for_all_to_see_and_back_again(
    open_page: OpenPage, on_the_list: str
) -> None:
    page = open_page("referrals", "amina")
    page.button_group("show").set_value("waiting").run()
    assert page.dataframe[0].value["days"].tolist() == [15]

    _unfold(page, "put_first")
    page.selectbox(_key("who")).select_index(0)
    page.text_input(_key("jump")).input("Her baby is due")
    _press(page, "Put her first")
    assert page.dataframe[0].value["put_first_because"].tolist() == ["Her baby is due"]

    _unfold(page, "put_back")
    page.selectbox(_key("who", "back", 1)).select_index(0)
    _press(page, "Put her back in order")
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


# --- Forms of professionals --------------------------------------------------------------


@pytest.fixture
def form(somebody: Somebody) -> str:
    """The reference of a form that came in about Ines Okoro."""
    somebody("amina")
    with transaction() as db:
        db.execute(update(Organisation).values(referrals_open=True))
        referral_forms.submit(db, "a-blank-form-of-its-own-1", {**FIELDS, "first_name": "Ines"})
        return db.scalars(select(ReferralForm.ref)).one()


def test_today_counts_the_forms_for_coordinators_alone(open_page: OpenPage, form: str) -> None:
    page = looked_at(open_page("today", "amina"), Kind.FORMS)
    assert "Referral forms to check (1)" in [one.value for one in page.header]
    page.button("open_forms").click().run()
    assert page.dataframe[0].value["about"].tolist() == ["Ines Okoro"]

    for other in ("ben", "leila"):
        assert waiting(open_page("today", other)) == []


def test_a_form_is_taken_up_and_stays_with_its_referral(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "amina", form=form)
    assert page.text_input(_key("first_name", form)).value == "Ines"
    page.selectbox(_key("agency", form)).select_index(1)
    _press(page, "Take it up")

    assert page.title[0].value == "Ines Okoro"
    assert "is in her contact plan" in page.toast[0].value
    ref = page.query_params["referral"]
    _unfold(page, f"sent_{ref if isinstance(ref, str) else ref[0]}")
    assert "Wren Tull" in [one.value for one in page.text]


def test_a_form_about_somebody_who_is_here_warns_first(
    open_page: OpenPage, form: str, waiting_for_us: str
) -> None:
    page = open_page("referrals", "amina", form=form)
    page.selectbox(_key("agency", form)).select_index(1)
    _press(page, "Take it up")
    assert page.warning[0].value.startswith("Perhaps already here")

    page.radio(_key("record", form)).set_value(page.radio(_key("record", form)).options[0])
    _press(page, "Go on")

    assert page.title[0].value == "Ines Okoro"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1


def test_of_a_plan_she_has_already_the_form_is_said_to_have_changed_nothing(
    open_page: OpenPage, somebody: Somebody, form: str, waiting_for_us: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        make_contact(db, amina, db.scalars(select(Person)).one())
    page = open_page("referrals", "amina", form=form)
    page.selectbox(_key("agency", form)).select_index(1)
    _press(page, "Take it up")
    page.radio(_key("record", form)).set_value(page.radio(_key("record", form)).options[0])
    _press(page, "Go on")
    assert "Nothing of it was put into her contact plan" in page.toast[0].value


def test_what_a_form_says_of_high_risk_comes_first(open_page: OpenPage, form: str) -> None:
    with transaction() as db:
        referral_forms.submit(db, "a-blank-form-of-its-own-2", {**FIELDS, "risk": "high"})
        ref = db.scalars(select(ReferralForm.ref).order_by(ReferralForm.id.desc())).first()
    assert ref
    page = open_page("referrals", "amina", form=ref)
    assert page.warning[0].value.startswith("The sender says that her risk is high.")
    assert not open_page("referrals", "amina", form=form).warning


def test_a_form_is_set_aside_with_a_reason(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "amina", form=form)
    _press(page, "Set it aside")
    assert page.error[0].value.startswith("Say why it is set aside")
    page.text_input(_key("aside", form)).input("Another area")
    _press(page, "Set it aside")
    assert page.toast[0].value == "The form is set aside."
    assert not page.query_params


def test_a_form_is_not_there_for_a_facilitator(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "ben", form=form)
    assert "does not allow you" in page.error[0].value
    assert not page.text


def _fill_in(page: AppTest, first: str, last: str) -> None:
    page.text_input(_key("first_name")).input(first)
    page.text_input(_key("last_name")).input(last)


def _names(page: AppTest) -> list[str]:
    return page.dataframe[0].value["name"].tolist()


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()


def _unfold(page: AppTest, key: str) -> AppTest:
    page.session_state[f"folded_{key}"] = True
    return page.run()


def _key(name: str, ref: str = "", forms_done: int = 0) -> str:
    return f"form_{name}_{ref}_{forms_done}"
