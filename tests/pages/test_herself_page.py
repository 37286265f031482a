"""A volunteer's own page, what it opens to nobody else, and what her supervisor hears of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import (
    AuditEntry,
    CheckIn,
    Expense,
    Milestone,
    MilestoneKind,
    Placement,
    PlacementRole,
    Role,
    Shift,
    Stage,
    Volunteer,
    VolunteerSupport,
)
from services.db import reading, transaction
from services.permissions import ROLE_PERMISSIONS
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import WishesDraft
from services.volunteers.contribution import expenses, settling
from services.volunteers.herself import availability
from services.volunteers.herself import shifts as own_shifts
from services.volunteers.rota import needs, relief, shifts
from services.waits import Kind
from tests.make import make_group, make_person, make_place, make_volunteer, session_of
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, press
from tests.services.volunteers.test_contribution import PNG, fare
from ui import navigation

TODAY = date(2026, 9, 16)


def _joined(somebody: Somebody, username: str, first: str, last: str) -> str:
    amina, own = somebody("amina"), somebody(username)
    with transaction() as db:
        one = make_volunteer(db, amina, first, last, stage=Stage.ACTIVE)
        db.add(
            VolunteerSupport(
                volunteer_id=one.id, own_account_id=own.account_id, supervisor_id=amina.account_id
            )
        )
        return one.ref


@pytest.fixture
def maya(somebody: Somebody) -> str:
    """Maya's record, joined to her account."""
    return _joined(somebody, "maya", "Maya", "Rowe")


@pytest.fixture
def offered(somebody: Somebody, maya: str) -> str:
    """A shift next week that she is asked to cover."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY + timedelta(days=6))
        needs.change(db, amina, group.ref, {PlacementRole.WELCOME: 1}, version=0)
        return shifts.offer(db, amina, session_of(db, group).ref, maya, PlacementRole.WELCOME)


def _part(open_page: OpenPage, part: str, username: str = "maya") -> AppTest:
    return open_page("my-volunteering", username, part=part)


def _said(page: AppTest) -> str:
    everything = (
        *page.markdown, *page.caption, *page.info, *page.header, *page.subheader, *page.error
    )  # fmt: skip
    return "\n".join(str(one.value) for one in everything)


# --- Who may open what ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        one.address
        for one in navigation.SCREENS
        if one.permission not in ROLE_PERMISSIONS[Role.VOLUNTEER]
    ],
)
def test_a_volunteer_opens_no_page_that_is_not_hers(
    open_page: OpenPage, maya: str, address: str
) -> None:
    with pytest.raises(ValueError, match="page"):
        open_page(address, "maya", volunteer=maya)


@pytest.mark.parametrize("username", ["amina", "ben", "leila", "ada", "vik", "erin"])
def test_her_page_is_in_nobody_elses_menu(open_page: OpenPage, maya: str, username: str) -> None:
    with pytest.raises(ValueError, match="page"):
        open_page("my-volunteering", username)


def test_an_address_with_somebody_elses_record_shows_her_own(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    other = _joined(somebody, "ines", "Ines", "Marsh")

    page = open_page("my-volunteering", "maya", volunteer=other, part="hours")

    assert "Ines" not in _said(page)
    assert not page.exception


def test_an_account_joined_to_nobody_is_told_what_to_do(open_page: OpenPage) -> None:
    page = open_page("my-volunteering", "maya")

    assert "not joined to your record yet" in page.info[0].value


@pytest.mark.parametrize(
    "part", ["rota", "wellbeing", "availability", "training", "hours", "expenses"]
)
def test_every_part_opens_while_there_is_nothing_in_it(
    open_page: OpenPage, maya: str, part: str
) -> None:
    page = _part(open_page, part)

    assert not page.exception
    assert "ring **Amina**" in _said(page)


# --- Her sessions --------------------------------------------------------------------------


def test_she_says_yes_and_gets_out_again(open_page: OpenPage, maya: str, offered: str) -> None:
    page = _part(open_page, "rota")
    page = page.button(f"yes_{offered}").click().run()
    assert _state(offered) == "accepted"

    page.session_state[f"folded_cancel_{offered}"] = True
    page.run().button(f"out_{offered}").click().run()

    assert _state(offered) == "cancelled"


def test_she_asks_somebody_to_take_it_and_is_in_until_then(
    open_page: OpenPage, somebody: Somebody, maya: str, offered: str
) -> None:
    page = _part(open_page, "rota").button(f"yes_{offered}").click().run()
    page.session_state[f"folded_cancel_{offered}"] = True
    page = page.run().button(f"relief_{offered}").click().run()
    assert _state(offered) == "accepted"
    assert "Until somebody has said yes, you are still in" in page.info[0].value

    page = page.button(f"keep_{offered}").click().run()
    assert not page.info

    page = page.button(f"relief_{offered}").click().run()
    with transaction() as db:
        relief.nobody_can(db, somebody("amina"), offered, version=_version(offered))
    assert "nobody could take it" in page.run().info[0].value
    assert page.button(f"relief_{offered}")  # she may ask again, or leave
    assert page.button(f"out_{offered}")


def test_who_is_asked_to_take_over_sees_an_offer_and_she_sees_that_it_was_taken(
    open_page: OpenPage, somebody: Somebody, maya: str, offered: str
) -> None:
    ines = _joined(somebody, "ines", "Ines", "Marsh")
    her, amina = somebody("maya"), somebody("amina")
    with transaction() as db:
        shifts.answer(db, amina, offered, accepts=True, version=1)
    with transaction() as db:
        own_shifts.ask_relief(db, her, offered, version=_version(offered))
    with transaction() as db:
        taker = relief.offer(db, amina, offered, ines, version=_version(offered))

    page = _part(open_page, "rota", "ines")
    assert "Maya" not in _said(page)
    page.button(f"yes_{taker}").click().run()

    assert (_state(offered), _state(taker)) == ("swapped", "accepted")
    hers = _part(open_page, "rota")
    assert "Somebody else has taken this one" in _said(hers)
    assert "Ines" not in _said(hers)


def test_she_says_no(open_page: OpenPage, maya: str, offered: str) -> None:
    page = _part(open_page, "rota").button(f"no_{offered}").click().run()

    assert _state(offered) == "declined"
    assert "None yet" in _said(page)


def test_an_offer_taken_back_meanwhile_is_said(
    open_page: OpenPage, somebody: Somebody, maya: str, offered: str
) -> None:
    page = _part(open_page, "rota")
    with transaction() as db:
        shifts.cancel(db, somebody("amina"), offered, version=1)

    page.button(f"yes_{offered}").click().run()

    assert _state(offered) == "withdrawn"


def _version(ref: str) -> int:
    with reading() as db:
        return db.scalars(select(Shift).where(Shift.ref == ref)).one().version


def _state(ref: str) -> str:
    with reading() as db:
        return db.scalars(select(Shift).where(Shift.ref == ref)).one().state.value


def test_today_shows_first_names_and_needs_alone(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        place = make_place(
            db, amina, group, make_person(db, amina, "Dana", "Okoro", access_needs="A ramp")
        )
        needs.change(db, amina, group.ref, {PlacementRole.WELCOME: 1}, version=0)
        session = session_of(db, group)
        session.starts_at += timedelta(hours=8)
        session.ends_at += timedelta(hours=8)
        db.flush()
        ref = shifts.offer(db, amina, session.ref, maya, PlacementRole.WELCOME)
        shifts.answer(db, amina, ref, accepts=True, version=1)
        assert place

    said = _said(_part(open_page, "rota"))

    assert "**Dana**: A ramp" in said
    assert "Okoro" not in said


# --- How she is ----------------------------------------------------------------------------


def test_she_tells_how_she_is_and_her_supervisor_hears_of_it(
    open_page: OpenPage, maya: str
) -> None:
    page = _part(open_page, "wellbeing")
    page.text_area(form_key("words", maya)).set_value("A long week.")
    page.segmented_control(form_key("own_heaviness", maya)).set_value(4)
    press(page, "Tell my supervisor")

    with reading() as db:
        assert db.scalars(select(CheckIn)).one().words == "A long week."
    today = looked_at(open_page("today", "amina"), Kind.HEARD)
    assert "Heard from volunteers (1)" in _said(today)
    assert "A long week." not in _said(today)


def test_without_an_answer_nothing_is_kept_and_what_she_typed_stays(
    open_page: OpenPage, maya: str
) -> None:
    page = _part(open_page, "wellbeing")
    page.text_area(form_key("words", maya)).set_value("A long week.")
    page = press(page, "Tell my supervisor")

    assert "from 1 to 5" in page.error[0].value
    assert page.text_area(form_key("words", maya)).value == "A long week."


def test_after_a_session_she_answers_the_volunteers_form_and_her_supervisor_reads_it(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        volunteer = db.scalars(select(Volunteer).where(Volunteer.ref == maya)).one()
        db.add(
            Placement(
                volunteer_id=volunteer.id, group_id=group.id, role=PlacementRole.WELCOME,
                starts_on=TODAY,
            )
        )  # fmt: skip
        ref = session_of(db, group).ref
    page = _part(open_page, "wellbeing")
    page.session_state[f"folded_own_debrief_{ref}"] = True
    page = page.run()
    assert "Only your supervisor reads this" in _said(page)
    page.text_area(form_key("volunteer_change", ref)).set_value("A chair nearer the door.")
    press(page, "Tell my supervisor")

    page = open_page("volunteers", "amina", volunteer=maya, part="support")
    (told,) = [one.value for one in page.dataframe if "answers" in one.value.columns]
    assert told["answers"].item() == "What would help you next time? A chair nearer the door."


def test_she_steps_back_and_comes_back_by_herself(open_page: OpenPage, maya: str) -> None:
    page = _part(open_page, "wellbeing")
    page.session_state["folded_step_back"] = True
    page = page.run().button(f"step_back_{maya}").click().run()
    assert _stage(maya) is Stage.STEPPED_BACK

    page.button(f"come_back_{maya}").click().run()

    assert _stage(maya) is Stage.ACTIVE


def test_a_page_opened_before_her_coordinator_moved_her_changes_nothing(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _part(open_page, "wellbeing")
    page.session_state["folded_step_back"] = True
    page = page.run()
    with transaction() as db:
        one = db.scalars(select(Volunteer).where(Volunteer.ref == maya)).one()
        one.note = "Something else."

    page = page.button(f"step_back_{maya}").click().run()

    assert "meanwhile" in page.error[0].value
    assert _stage(maya) is Stage.ACTIVE


def _stage(ref: str) -> Stage:
    with reading() as db:
        return db.scalars(select(Volunteer).where(Volunteer.ref == ref)).one().stage


# --- When she can come ---------------------------------------------------------------------


def test_she_keeps_her_wishes_and_not_over_somebody_elses(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _part(open_page, "availability")
    with transaction() as db:
        wishes.save(db, somebody("amina"), maya, WishesDraft(skills="Singing"), version=0)
    page.text_area(form_key("skills", maya)).set_value("Drawing")
    page = press(page, "Save my wishes")

    assert "changed these wishes" in page.error[0].value
    with reading() as db:
        assert availability.my_wishes(db, somebody("maya")).kept.skills == "Singing"


def test_she_adds_hours(open_page: OpenPage, somebody: Somebody, maya: str) -> None:
    page = _part(open_page, "availability")
    page.session_state[f"folded_hours_{maya}"] = True
    page = page.run()
    page.button_group(form_key("weekdays", maya)).set_value([2])
    press(page, "Add these hours")

    with reading() as db:
        assert len(availability.mine(db, somebody("maya")).hours) == 1


# --- Expenses ------------------------------------------------------------------------------


def test_she_asks_for_an_expense_and_it_is_settled_on_her_record(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _part(open_page, "expenses")
    page.number_input(form_key("pounds", maya)).set_value(4.5)
    press(page, "Ask for it back")
    today = looked_at(open_page("today", "amina"), Kind.EXPENSES)
    assert "Expenses to settle (1)" in _said(today)

    page = open_page("volunteers", "amina", volunteer=maya, part="contribution")
    page.selectbox(form_key("step", maya)).set_value("approve")
    press(page, "Do it")

    with reading() as db:
        assert list(expenses.mine(db, somebody("maya"))["state"]) == ["approved"]


def test_an_empty_expense_is_explained_at_its_field(open_page: OpenPage, maya: str) -> None:
    page = press(_part(open_page, "expenses"), "Ask for it back")

    assert "Enter what was paid" in page.error[0].value
    with reading() as db:
        assert db.scalars(select(Expense)).all() == []


def test_sending_back_needs_words_and_a_stale_form_changes_nothing(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    with transaction() as db:
        ref = expenses.ask(db, somebody("maya"), fare())
    page = open_page("volunteers", "amina", volunteer=maya, part="contribution")
    page.selectbox(form_key("step", maya)).set_value("send_back")
    page = press(page, "Do it")
    assert "what is missing" in page.error[0].value

    with transaction() as db:
        settling.approve(db, somebody("amina"), ref, version=1)
    page.selectbox(form_key("step", maya)).set_value("approve")
    page = press(page, "Do it")
    assert "changed meanwhile" in page.error[0].value
    with reading() as db:
        assert list(expenses.mine(db, somebody("maya"))["state"]) == ["approved"]


def test_a_receipt_is_opened_by_its_fold_alone_and_each_look_is_noted(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    with transaction() as db:
        ref = expenses.ask(db, somebody("maya"), fare(receipt=PNG))
    for username, page in (
        ("maya", _part(open_page, "expenses")),
        ("amina", open_page("volunteers", "amina", volunteer=maya, part="contribution")),
    ):
        assert "The receipt" not in _offered(page)
        page.session_state[f"folded_see_{maya}"] = True
        assert "The receipt" in _offered(page.run())
        with reading() as db:
            looked = select(AuditEntry.subject).where(
                AuditEntry.action == "receipt.viewed",
                AuditEntry.account_id == somebody(username).account_id,
            )
            assert db.scalars(looked).all() == [f"expense:{ref}"]


# --- Thanks -------------------------------------------------------------------------------


def test_she_is_thanked_once_and_the_letter_is_on_her_own_page(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    with transaction() as db:
        who = db.scalars(select(Volunteer.id)).one()
        db.add(Milestone(volunteer_id=who, kind=MilestoneKind.HOURS, step=10, reached_on=TODAY))
    page = open_page("volunteers", "amina", volunteer=maya, part="contribution")
    assert "To thank her for: 10 hours." in _said(page)
    assert _offered(page) == ["Thank-you letter", "Record of what she did"]

    page = press(page, "I have thanked her")

    assert "To thank her for" not in _said(page)
    assert "I have thanked her" not in [one.label for one in page.button]
    assert _offered(_part(open_page, "hours")) == [
        "My volunteering record", "My letter of thanks",
    ]  # fmt: skip


def _offered(page: AppTest) -> list[str]:
    return [one.label for one in page.get("download_button")]
