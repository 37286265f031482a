"""After a session, on the screens of each role: history, calls, checklist, topics, debriefs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import (
    CallState,
    ContactAttempt,
    ContactOutcome,
    CoveredTopic,
    Debrief,
    Facilitation,
    Group,
    Person,
    RegisterReopening,
    RiskLevel,
    Route,
    SessionReflection,
    SessionTick,
    WelfareCall,
)
from services.attendance import AttendanceCode as Code
from services.concerns import risk
from services.concerns.risk import RiskDraft
from services.db import reading, transaction
from services.groups.schedules import changing
from services.groups.schedules.parts import Cancel
from services.registers import debriefs, finishing, marking, registers
from services.registers.marking import NewMark
from services.registers.welfare import recording
from services.safe_contact.attempts import AttemptDraft
from services.waits import Kind
from tests.conftest import Clock
from tests.make import make_contact, make_group, make_person, make_place, session_of
from tests.pages.conftest import (
    OpenPage,
    Somebody,
    asked_to,
    looked_at,
    on_offer,
    press,
    unfold,
    waiting,
)

TODAY = date(2026, 9, 16)


@pytest.fixture
def met(somebody: Somebody) -> str:
    """A session of Ben's today with a finished register: Dana did not come. Its reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        place = make_place(db, amina, group, make_person(db, amina))
        ref = session_of(db, group).ref
        new = NewMark(tap="one", place_ref=place.ref, code=Code.DID_NOT_ATTEND)
        marking.mark(db, ben, ref, [new])
        finishing.finish(db, ben, ref)
        return ref


def register(open_page: OpenPage, ref: str, username: str = "ben") -> AppTest:
    return open_page("register", username, session=ref)


def headings(page: AppTest) -> list[str]:
    return [heading.value for heading in page.header]


# --- On paper ------------------------------------------------------------------------------


def test_a_register_is_offered_on_paper_once_somebody_asks(open_page: OpenPage, met: str) -> None:
    page = register(open_page, met)
    assert not page.toggle
    page = unfold(page, f"register_print_{met}")
    assert [toggle.value for toggle in page.toggle] == [False, False]
    assert len(page.get("download_button")) == 2
    assert not page.exception


@pytest.fixture
def unmarked(somebody: Somebody) -> str:
    """A session of Ben's today with two people and no mark. Its reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        for name in ("Bea", "Dana"):
            make_place(db, amina, group, make_person(db, amina, name))
        return session_of(db, group).ref


def test_marks_from_paper_are_entered_with_who_wrote_them(
    open_page: OpenPage, unmarked: str
) -> None:
    page = unfold(register(open_page, unmarked), f"paper_{unmarked}")
    press(page, "Save the marks from paper")
    assert {error.value for error in page.error} == {
        "Say who wrote the marks on paper.",
        "Choose at least one mark from the sheet.",
    }
    page.text_input(f"form_written_by_{unmarked}_0").input("Ruth")
    bea = next(box for box in page.selectbox if box.label.startswith("Bea"))
    bea.select("L")
    minutes = next(box for box in page.number_input if box.label.endswith("Bea Okoro"))
    minutes.set_value(10)
    press(page, "Save the marks from paper")

    page = unfold(page, f"register_history_{unmarked}")
    assert any("1 mark from paper, written by Ruth" in one.value for one in page.markdown)
    page = unfold(page, f"paper_{unmarked}")
    labels = [box.label for box in page.selectbox]
    assert not any(label.startswith("Bea") for label in labels)


def test_marks_a_colleague_made_meanwhile_stay_and_the_sheet_is_looked_at_again(
    open_page: OpenPage, somebody: Somebody, unmarked: str
) -> None:
    amina, ben, chloe = (somebody(name) for name in ("amina", "ben", "chloe"))
    page = unfold(register(open_page, unmarked), f"paper_{unmarked}")
    with transaction() as db:
        group = db.scalars(select(Group)).one()
        db.add(Facilitation(group_id=group.id, account_id=chloe.account_id))
        db.flush()
        bea = registers.view(db, chloe, unmarked).lines[0]
        hers = [NewMark(tap="hers", place_ref=bea.place_ref, code=Code.APOLOGIES)]
        marking.mark(db, chloe, unmarked, hers)
    page.text_input(f"form_written_by_{unmarked}_0").input("Ruth")
    next(box for box in page.selectbox if box.label.startswith("Bea")).select("P")
    press(page, "Save the marks from paper")
    assert "A colleague has made some of these marks" in page.error[0].value
    with transaction() as db:
        assert registers.view(db, ben, unmarked).lines[0].code is Code.APOLOGIES
    assert amina


# --- The register's history --------------------------------------------------------------


def test_a_register_is_reopened_with_a_reason_that_is_kept(open_page: OpenPage, met: str) -> None:
    page = register(open_page, met)
    press(page, "Reopen the register")
    assert "why the register is reopened" in page.error[0].value
    page.text_input(f"form_reason_{met}_0").input("She *was* there")

    press(page, "Reopen the register")

    page = unfold(page, f"register_history_{met}")
    story = next(text.value for text in page.markdown if "Opened again" in text.value)
    assert "Opened again: She \\*was\\* there · Ben" in story
    assert "Finished · Ben" in story


def test_a_locked_register_says_who_opens_it(
    open_page: OpenPage, met: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)

    page = register(open_page, met)

    assert "A coordinator or a programme lead" in page.info[-1].value
    assert "Reopen the register" not in [button.label for button in page.button]


@pytest.mark.parametrize("username", ["amina", "leila"])
def test_a_coordinator_and_a_lead_open_a_locked_register_from_the_groups_page(
    open_page: OpenPage, somebody: Somebody, met: str, username: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)
    page = asked_to(open_page("groups", username, group=group_ref()), group_ref(), "unlock")
    press(page, "Open it again")
    assert page.error[0].value == "Choose the session."
    page.selectbox("form_session__0").select_index(0)
    page.text_input("form_reason__0").input("The paper register came")

    press(page, "Open it again")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(RegisterReopening.was_locked)).all() == [True]


def test_a_facilitator_finds_nothing_to_unlock_on_the_groups_page(
    open_page: OpenPage, met: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)

    page = open_page("groups", "ben", group=group_ref())

    assert "Open a locked register again" not in on_offer(page)


# --- Calls -------------------------------------------------------------------------------


def test_the_register_lists_whom_its_absences_owe_a_call(open_page: OpenPage, met: str) -> None:
    page = register(open_page, met)

    assert "Calls to make (1)" in headings(page)
    row = page.dataframe[0].value.iloc[0]
    assert (row["name"], row["so_far"]) == ("Dana Okoro", "Not tried yet")
    assert row["how"] == "Do not contact her: nobody has asked her yet what is safe."


def test_today_lists_calls_with_the_safe_route_and_no_number(
    open_page: OpenPage, somebody: Somebody, met: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        make_contact(db, amina, db.scalars(select(Person)).one())

    page = open_page("today", "ben")

    assert headings(page)[0] == "Calls to make (1)"
    assert page.dataframe[0].value["how"].tolist() == ["Call"]
    assert "07700" not in str(page.dataframe[0].value)


def test_a_call_is_noted_on_her_page_and_is_done_with(open_page: OpenPage, met: str) -> None:
    page = open_page("participants", "ben", participant=person_ref(), part="contact")
    call = call_ref()
    page = unfold(page, f"call_note_{call}")
    page.selectbox(f"form_route_{call}_0").select("Call")
    page.selectbox(f"form_outcome_{call}_0").select("Spoke with her")

    press(page, "Note it")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(WelfareCall.state)).one() is CallState.REACHED
        assert len(db.scalars(select(ContactAttempt)).all()) == 1
    assert "Calls to make (1)" not in headings(open_page("today", "ben"))
    page = register(open_page, met)
    assert "Calls made" in headings(page)
    assert page.dataframe[0].value.columns.tolist() == ["name", "due", "so_far"]


def test_a_form_filled_in_over_somebody_elses_call_records_nothing_twice(
    open_page: OpenPage, somebody: Somebody, met: str
) -> None:
    amina = somebody("amina")
    page = open_page("participants", "ben", participant=person_ref(), part="contact")
    call = call_ref()
    page = unfold(page, f"call_note_{call}")
    page.selectbox(f"form_route_{call}_0").select("Call")
    page.selectbox(f"form_outcome_{call}_0").select("No answer, nothing left")
    with transaction() as db:
        version = db.scalars(select(WelfareCall.version)).one()
        draft = AttemptDraft(route=Route.CALL, outcome=ContactOutcome.NO_ANSWER)
        recording.record(db, amina, call, draft, version=version)

    press(page, "Note it")

    assert "Somebody noted an attempt" in page.error[-1].value
    with reading() as db:
        assert len(db.scalars(select(ContactAttempt)).all()) == 1


def test_an_overdue_call_reaches_the_coordinator_who_decides_what_happens(
    open_page: OpenPage, met: str, time_stands_still: Clock
) -> None:
    assert headings(open_page("today", "amina"))[0] != "Calls nobody has got through on (1)"
    time_stands_still.go_on(days=2)
    page = open_page("today", "amina")
    assert headings(page)[0] == "Calls nobody has got through on (1)"
    assert page.dataframe[0].value["urgency"].tolist() == ["Overdue"]
    page = open_page("participants", "amina", participant=person_ref(), part="contact")
    call = call_ref()
    page = unfold(page, f"call_settle_{call}")
    page.text_area(f"form_decision_{call}_0").input("Her worker visits")

    press(page, "Close the call")

    with reading() as db:
        assert db.scalars(select(WelfareCall.state)).one() is CallState.SETTLED


def test_a_lead_hears_of_high_risk_without_a_name(
    open_page: OpenPage, somebody: Somebody, met: str, time_stands_still: Clock
) -> None:
    ben = somebody("ben")
    assert "High risk, and nobody has got through" not in headings(open_page("today", "leila"))
    with transaction() as db:
        draft = RiskDraft(
            assessed_on=TODAY, score=15, level=RiskLevel.HIGH, review_on=TODAY + timedelta(days=30)
        )
        risk.review(db, ben, db.scalars(select(Person.ref)).one(), draft)
    time_stands_still.go_on(days=1)

    page = open_page("today", "leila")

    assert "High risk, and nobody has got through" in headings(page)
    assert "Dana" not in str([frame.value for frame in page.dataframe])


@pytest.mark.parametrize("username", ["chloe", "leila"])
def test_others_see_no_call_of_hers(open_page: OpenPage, met: str, username: str) -> None:
    page = open_page("today", username)

    assert not [heading for heading in headings(page) if "Calls" in heading]
    assert "Dana" not in str([frame.value for frame in page.dataframe])


# --- Checklist, topic, debrief -----------------------------------------------------------


def test_a_tick_is_saved_at_once_and_shows_who_made_it(open_page: OpenPage, met: str) -> None:
    page = unfold(register(open_page, met), f"checklist_{met}")

    page.checkbox(f"step_{met}_two_staff").check().run()

    assert "Ben, 1:30pm" in page.checkbox(f"step_{met}_two_staff").label
    with reading() as db:
        assert db.scalars(select(SessionTick.step)).all() == ["two_staff"]


def test_a_session_that_was_cancelled_asks_for_nothing_afterwards(
    open_page: OpenPage, somebody: Somebody
) -> None:
    with transaction() as db:
        amina = somebody("amina")
        group = make_group(db, amina, [somebody("ben")], first_day=TODAY)
        make_place(db, amina, group, make_person(db, amina))
        ref = session_of(db, group, 2).ref
        wanted = Cancel(ref, "Snow", keeps_length=True)
        seen = changing.preview(db, amina, group.ref, wanted)
        changing.apply(db, amina, group.ref, wanted, version=seen.version)

    page = register(open_page, ref)

    assert not page.exception
    assert [one.label for one in page.expander] == ["History of this register"]
    assert not any("debrief" in one.value or "steps" in one.value for one in page.caption)


def test_before_the_session_later_steps_cannot_be_ticked(open_page: OpenPage, met: str) -> None:
    with reading() as db:
        group = db.scalars(select(Group)).one()
        second = session_of(db, group, 2).ref
    page = unfold(register(open_page, second), f"checklist_{second}")

    assert page.checkbox(f"step_{second}_two_staff").disabled
    assert not page.checkbox(f"step_{second}_room_and_exits").disabled


def test_what_was_covered_is_kept_and_shown_on_the_groups_page(
    open_page: OpenPage, met: str
) -> None:
    page = unfold(register(open_page, met), f"covered_{met}")
    other = page.selectbox(f"form_covered_{met}_0").options[2]
    page.selectbox(f"form_covered_{met}_0").select(other)

    press(page, "Save")

    with reading() as db:
        assert db.scalars(select(CoveredTopic.topic)).one() == other
    sessions = open_page("groups", "ben", group=group_ref()).dataframe[0].value
    assert sessions["covered"].tolist()[0] == f"Instead: {other}"


def test_something_else_is_covered_only_with_a_word_about_it(open_page: OpenPage, met: str) -> None:
    page = unfold(register(open_page, met), f"covered_{met}")
    page.selectbox(f"form_covered_{met}_0").select("Something else")
    press(page, "Save")
    assert "Say in a few words" in page.error[0].value

    page.text_input(f"form_note_covered_{met}_0").input("A *visitor* spoke")
    press(page, "Save")

    page = register(open_page, met)
    assert "Covered: Something else\\: A \\*visitor\\* spoke." in [c.value for c in page.caption]
    sessions = open_page("groups", "ben", group=group_ref()).dataframe[0].value
    assert sessions["covered"].tolist()[0] == "Something else"


def test_a_debrief_is_asked_for_on_today_and_recorded_with_the_register(
    open_page: OpenPage, met: str
) -> None:
    today = looked_at(open_page("today", "ben"), Kind.DEBRIEFS)
    assert "Debriefs to record (1)" in headings(today)
    page = unfold(register(open_page, met), f"debrief_{met}")
    page.number_input(f"form_minutes_{met}_0").set_value(20)

    press(page, "Save the debrief")

    with reading() as db:
        assert db.scalars(select(Debrief.minutes)).one() == 20
    assert "Debriefs (1)" not in waiting(open_page("today", "ben"))


def test_a_debrief_recorded_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, met: str
) -> None:
    ben = somebody("ben")
    page = unfold(register(open_page, met), f"debrief_{met}")
    page.number_input(f"form_minutes_{met}_0").set_value(20)
    with transaction() as db:
        debriefs.save(db, ben, met, debriefs.DebriefDraft(minutes=10), version=0)

    press(page, "Save the debrief")

    assert "recorded this debrief meanwhile" in page.error[0].value
    with reading() as db:
        assert db.scalars(select(Debrief.minutes)).one() == 10


def test_a_stranger_finds_neither_checklist_nor_debrief(open_page: OpenPage, met: str) -> None:
    page = register(open_page, met, "chloe")

    assert "could not be found" in page.error[0].value
    assert not page.checkbox


def group_ref() -> str:
    with reading() as db:
        return db.scalars(select(Group.ref)).one()


def person_ref() -> str:
    with reading() as db:
        return db.scalars(select(Person.ref)).one()


def call_ref() -> str:
    with reading() as db:
        return db.scalars(select(WelfareCall.ref)).one()


def test_a_facilitator_looks_back_for_herself_alone(open_page: OpenPage, met: str) -> None:
    page = unfold(register(open_page, met), f"reflection_{met}")
    assert "You alone can read this" in " ".join(one.value for one in page.caption)
    page.text_area(f"form_facilitator_well_{met}_0").set_value("The round at the end.")
    page = press(page, "Keep it for me")

    with reading() as db:
        kept = db.scalars(select(SessionReflection)).one()
    assert kept.answers == {"facilitator_well": "The round at the end."}
    page = unfold(register(open_page, met), f"reflection_{met}")
    assert page.text_area(f"form_facilitator_well_{met}_0").value == "The round at the end."


def test_an_empty_look_back_keeps_nothing_and_says_so(open_page: OpenPage, met: str) -> None:
    page = press(unfold(register(open_page, met), f"reflection_{met}"), "Keep it for me")

    assert "at least one question" in page.error[0].value
