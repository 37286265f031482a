"""Supporting a volunteer on screen: what her supervisor sees, and what others do not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Stage, SupervisionKind, VolunteerSupport
from services.db import reading, transaction
from services.permissions import Actor
from services.volunteers.support import absences, recording, supervisors
from services.volunteers.support import settings as support_settings
from services.volunteers.support.absences import AbsenceDraft
from services.volunteers.support.recording import CheckInDraft, MeetingDraft
from services.volunteers.support.rhythm import Rhythm
from services.waits import Kind
from tests.conftest import Clock
from tests.make import make_volunteer
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, waiting

TODAY = date(2026, 9, 16)


@pytest.fixture
def maya(somebody: Somebody) -> str:
    """An active volunteer's reference."""
    with transaction() as db:
        return make_volunteer(db, somebody("amina"), stage=Stage.ACTIVE).ref


@pytest.fixture
def supervised(somebody: Somebody, maya: str) -> str:
    """The same, supervised by Amina, with one check-in and one meeting."""
    amina = somebody("amina")
    with transaction() as db:
        _name(db, amina, maya, amina)
        recording.check_in(
            db, amina, maya, CheckInDraft(on=TODAY, heaviness=4, words="It stays with me.")
        )
        draft = MeetingDraft(held_on=TODAY, kind=SupervisionKind.ONE_TO_ONE, note="About the bus")
        recording.record_meeting(db, amina, maya, draft)
    return maya


def _name(db: object, actor: Actor, volunteer: str, supervisor: Actor) -> None:
    version = supervisors.of_volunteer(db, actor, volunteer).version  # type: ignore[arg-type]
    supervisors.name(
        db, actor, volunteer, supervisor_ref=supervisor.ref, own_account_ref=None,  # type: ignore[arg-type]
        version=version,
    )  # fmt: skip


def _open(open_page: OpenPage, username: str, volunteer: str, *unfolded: str) -> AppTest:
    page = open_page("volunteers", username, volunteer=volunteer, part="support")
    for key in unfolded:
        page.session_state[f"folded_{key}_{volunteer}"] = True
    return page.run() if unfolded else page


def _words(page: AppTest) -> str:
    everything = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    tables = [frame.value.to_string() for frame in page.dataframe]
    return "\n".join([*(one.value for one in everything), *tables])


# --- Her record ----------------------------------------------------------------------------


def test_without_a_supervisor_the_form_to_name_one_is_open(open_page: OpenPage, maya: str) -> None:
    page = _open(open_page, "amina", maya)
    assert "Nobody supervises her yet" in page.warning[0].value
    assert "Due**: Name a supervisor" in _words(page)

    box = page.selectbox(form_key("supervisor", maya))
    assert box.options == ["Amina"]
    box.select_index(0)
    page.button(f"FormSubmitter:{form_key('supervisor_form', maya)}-Save").click().run()
    assert "Supervised by Amina" in _words(page)
    assert not page.warning


def test_nobody_chosen_says_what_to_do(open_page: OpenPage, maya: str) -> None:
    page = _open(open_page, "amina", maya)
    page.button(f"FormSubmitter:{form_key('supervisor_form', maya)}-Save").click().run()
    assert page.error[0].value == "Choose who supervises her."


def test_a_supervisor_named_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    zora, amina = somebody("zora"), somebody("amina")
    page = _open(open_page, "amina", maya)
    with transaction() as db:
        _name(db, zora, maya, zora)
    page.selectbox(form_key("supervisor", maya)).set_value(amina.ref)
    page.button(f"FormSubmitter:{form_key('supervisor_form', maya)}-Save").click().run()
    assert "Somebody else changed her supervisor" in page.error[0].value
    with reading() as db:
        assert db.scalars(select(VolunteerSupport.supervisor_id)).one() == zora.account_id


def test_her_supervisor_sees_what_was_said_and_what_the_weeks_held(
    open_page: OpenPage, supervised: str
) -> None:
    page = _open(open_page, "amina", supervised)
    said = _words(page)
    assert "It stays with me." in said
    assert "About the bus" in said
    assert "She has said herself that it is heavy" in said
    assert page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")


def test_another_coordinator_sees_who_supervises_and_nothing_that_was_said(
    open_page: OpenPage, supervised: str
) -> None:
    page = _open(open_page, "zora", supervised)
    said = _words(page)
    assert "Supervised by Amina" in said
    assert "between the two of them" in said
    assert not page.dataframe
    for secret in ("It stays with me", "About the bus", "heavy", "Check in with her"):
        assert secret not in said + " ".join(box.label for box in page.expander)


def test_who_stands_in_sees_it_in_that_time(
    open_page: OpenPage, somebody: Somebody, supervised: str
) -> None:
    amina, zora = somebody("amina"), somebody("zora")
    with transaction() as db:
        draft = AbsenceDraft(
            supervisor_ref=amina.ref, stand_in_ref=zora.ref, starts_on=TODAY,
            ends_on=TODAY + timedelta(3),
        )  # fmt: skip
        absences.add(db, amina, draft)
    said = _words(_open(open_page, "zora", supervised))
    assert "away until Saturday 19 September 2026; Zora stands in" in said
    assert "It stays with me." in said


def test_a_check_in_is_kept_with_her_words(open_page: OpenPage, supervised: str) -> None:
    page = _open(open_page, "amina", supervised, "add_check_in")
    page.text_area(form_key("words", supervised)).input("Lighter this week")
    page.button(f"FormSubmitter:{form_key('check_in', supervised)}-Keep the check-in").click().run()
    assert page.error[0].value == "Choose how heavy it feels, from 1 to 5."
    assert page.text_area(form_key("words", supervised)).value == "Lighter this week"

    page.button_group(form_key("heaviness", supervised)).set_value(2)
    page.button(f"FormSubmitter:{form_key('check_in', supervised)}-Keep the check-in").click().run()
    assert "Lighter this week" in _words(page)


def test_a_meeting_to_come_is_refused_and_one_of_today_kept_and_taken_back(
    open_page: OpenPage, supervised: str
) -> None:
    page = _open(open_page, "amina", supervised, "add_meeting", "take_back")
    submit = f"FormSubmitter:{form_key('meeting', supervised)}-Keep the meeting"
    page.selectbox(form_key("kind", supervised)).set_value("review")
    page.date_input(form_key("held_on", supervised)).set_value(TODAY + timedelta(1))
    page.button(submit).click().run()
    assert page.error[0].value == "Choose a day within the last year, today at the latest."

    page.date_input(form_key("held_on", supervised)).set_value(TODAY)
    page.button(submit).click().run()
    assert "Review of her role" in page.dataframe[-1].value.to_string()

    gone = page.selectbox(f"form_gone_{supervised}_1")
    gone.select_index(0)
    page.button(f"FormSubmitter:form_take_back_{supervised}_1-Take it back").click().run()
    assert not page.error
    assert "Review of her role" not in page.dataframe[-1].value.to_string()


# --- The list, Today and the settings --------------------------------------------------------


def test_the_list_says_that_nothing_is_due(
    open_page: OpenPage, somebody: Somebody, supervised: str
) -> None:
    page = open_page("volunteers", "amina")
    page.session_state["folded_support_due"] = True
    page.run()
    assert "Nothing is due" in _words(page)


def test_the_list_and_today_show_what_is_due_in_order_of_harm(
    open_page: OpenPage, somebody: Somebody, maya: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=15)
    page = open_page("volunteers", "amina")
    page.session_state["folded_support_due"] = True
    page.run()
    due = page.dataframe[-1].value
    assert due["state"].tolist() == ["Overdue", "Due"]
    assert due["kind"].tolist() == ["Name a supervisor", "Supervision, one to one"]
    assert due["supervisor"].tolist() == ["Nobody yet", "Nobody yet"]

    today = looked_at(open_page("today", "amina"), Kind.SUPPORT)
    assert "Volunteers' support due (2)" in [header.value for header in today.header]


@pytest.mark.parametrize("username", ["ben", "leila"])
def test_the_day_of_others_says_nothing_of_it(
    open_page: OpenPage, maya: str, username: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=40)
    page = open_page("today", username)
    assert not page.exception
    assert not any("support" in one for one in waiting(page))


@pytest.mark.parametrize("username", ["ben", "leila", "ada", "vik", "erin"])
def test_no_other_role_opens_the_record(open_page: OpenPage, maya: str, username: str) -> None:
    with pytest.raises(ValueError, match="volunteers"):
        open_page("volunteers", username, volunteer=maya, part="support")


def test_an_absence_is_noted_with_who_stands_in_and_ended(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    amina, zora = somebody("amina"), somebody("zora")
    page = open_page("volunteers", "amina")
    page.session_state["folded_supervisors_away"] = True
    page.run()
    assert "Nobody is away." in _words(page)
    submit = f"FormSubmitter:{form_key('absence')}-Note the absence"
    page.selectbox(form_key("supervisor", "away")).set_value(amina.ref)
    page.selectbox(form_key("stand_in", "away")).set_value(amina.ref)
    page.button(submit).click().run()
    assert "cannot stand in for herself" in page.error[0].value

    page.selectbox(form_key("stand_in", "away")).set_value(zora.ref)
    page.button(submit).click().run()
    assert page.dataframe[-1].value["stand_in"].tolist() == ["Zora"]

    page.selectbox("form_absence__1").select_index(0)
    page.button("FormSubmitter:form_back__1-She is back").click().run()
    assert "Nobody is away." in _words(page)


def test_with_one_who_can_supervise_nobody_can_stand_in(open_page: OpenPage, maya: str) -> None:
    page = open_page("volunteers", "amina")
    page.session_state["folded_supervisors_away"] = True
    page.run()
    assert "only one colleague who can supervise" in _words(page)


def test_the_rhythm_is_a_setting(open_page: OpenPage, somebody: Somebody) -> None:
    page = open_page("settings", "ada")
    page.session_state["folded_support_rhythm"] = True
    page.run()
    page.number_input(form_key("first_weeks")).set_value(1)
    page.button(f"FormSubmitter:{form_key('rhythm')}-Save the rhythm").click().run()
    assert not page.error
    with reading() as db:
        assert support_settings.rhythm_of(db) == Rhythm(first_weeks=1)


def test_a_rhythm_changed_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ada = somebody("ada")
    page = open_page("settings", "ada")
    page.session_state["folded_support_rhythm"] = True
    page.run()
    with transaction() as db:
        support_settings.save(db, ada, Rhythm(first_weeks=3), version=0)
    page.number_input(form_key("first_weeks")).set_value(1)
    page.button(f"FormSubmitter:{form_key('rhythm')}-Save the rhythm").click().run()
    assert "Somebody else changed how often" in page.error[0].value


def test_a_lead_reads_and_keeps_what_is_said_with_those_she_supervises(
    open_page: OpenPage, somebody: Somebody, supervised: str
) -> None:
    assert "You supervise nobody today" in _words(open_page("supervision", "leila"))
    with transaction() as db:
        _name(db, somebody("amina"), supervised, somebody("leila"))

    assert "Maya Rowe" in _words(open_page("supervision", "leila"))
    page = open_page("supervision", "leila", volunteer=supervised)
    assert "It stays with me." in _words(page)
    assert "Maya" not in _words(open_page("supervision", "amina", volunteer=supervised))


@pytest.mark.parametrize("username", ["ben", "ada", "vik"])
def test_supervision_is_in_nobody_elses_menu(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="supervision"):
        open_page("supervision", username)
