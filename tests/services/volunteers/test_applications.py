"""Applications to volunteer: what is asked, kept once, checked by a coordinator and nobody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    FormState,
    PipelineRules,
    Route,
    Stage,
    Volunteer,
    VolunteerApplication,
    VolunteerContact,
)
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.public_forms import sent_forms
from services.safe_contact import Why
from services.volunteers import volunteers
from services.volunteers.applications import contact, form, inbox
from services.volunteers.applications.contact import ContactDraft
from services.volunteers.applications.inbox import ApplicationsClosedError, ApplicationView
from services.volunteers.own_time import sealed
from tests.conftest import NOW, Clock
from tests.make import make_volunteer

TODAY = NOW.date()
NUMBER = "a-blank-form-of-its-own-1"
FIELDS = {
    "routes.call": "yes",
    "phone": "07700 900123",
    "voicemail": "no",
    "when": "Weekday mornings",
    "say": "Sarah from the craft group",
    "code_word": "marmalade",
    "first_name": "Maya",
    "last_name": "Rowe",
    "adult": "yes",
    "roles.welcome": "yes",
    "why": "I like tea.",
    "support": "yes",
    "hard_to_meet": "Somebody called Perpetua",
}


@pytest.fixture
def is_open(db: Session) -> None:
    db.add(PipelineRules(id=1, stage_days={}, own_group_months=6, applications_open=True))
    db.flush()


def send(db: Session, number: str = NUMBER, **more: str) -> None:
    inbox.submit(db, number, {**FIELDS, **more})


@pytest.fixture
def sent(db: Session, amina: Actor, is_open: None) -> ApplicationView:
    """An application that came in, as Amina sees it."""
    send(db)
    return inbox.view(db, amina, inbox.to_check(db, amina)["ref"].tolist()[0])


# --- What is asked -----------------------------------------------------------------------


def test_only_a_safe_way_a_name_and_being_grown_up_are_needed() -> None:
    with pytest.raises(InvalidInputError) as refused:
        form.checked({}, today=TODAY)
    assert list(refused.value.problems) == ["routes", "first_name", "last_name", "adult"]


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"phone": ""}, "phone"),
        ({"phone": "none"}, "phone"),
        ({"routes.email": "yes"}, "email"),
        ({"routes.email": "yes", "email": "maya"}, "email"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"why": "x" * 2_001}, "why"),
        ({"adult": "no"}, "adult"),
        ({"adult": "perhaps"}, "adult"),
        ({"voicemail": "shout"}, "voicemail"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_question(fields: dict[str, str], at: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        form.checked({**FIELDS, **fields}, today=TODAY)
    assert list(refused.value.problems) == [at]


def test_who_will_get_in_touch_herself_needs_no_number() -> None:
    fields = {key: text for key, text in FIELDS.items() if key not in ("routes.call", "phone")}
    answers = form.checked({**fields, "routes.herself": "yes"}, today=TODAY)
    assert answers["routes"] == ["herself"]


# --- Sending -----------------------------------------------------------------------------


def test_a_closed_form_takes_nothing(db: Session) -> None:
    with pytest.raises(ApplicationsClosedError, match="at the moment"):
        send(db)


def test_it_is_kept_to_be_checked_and_makes_no_record(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    assert inbox.to_check(db, amina)["name"].tolist() == ["Maya Rowe"]
    assert sent.answers["How may we reach you?"] == "A phone call"
    assert db.scalar(select(func.count()).select_from(Volunteer)) == 0
    assert inbox.to_check_count(db, amina) == 1


def test_sent_twice_it_counts_once_and_without_a_number_it_is_asked_for_again(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    send(db)
    assert inbox.to_check_count(db, amina) == 1
    with pytest.raises(InvalidInputError, match="once more"):
        send(db, number="short")


def test_nothing_of_it_is_readable_in_the_database_or_the_log(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    inbox.take_up(db, amina, sent.ref, version=sent.version)
    tables = (VolunteerApplication, VolunteerContact, Volunteer)
    raw = "".join(
        str(db.execute(select(type_coerce(column, Text))).all())
        for table in tables
        for column in table.__table__.columns
    )
    entries = db.scalars(select(AuditEntry)).all()
    logged = "".join(entry.details + entry.subject for entry in entries)
    for private in ("Maya", "900123", "mornings", "Sarah", "marmalade", "tea", "Perpetua"):
        assert private not in raw
        assert private not in logged
    assert "application.received" in [entry.action for entry in entries]


def test_a_machine_cannot_fill_the_list_without_end(
    db: Session, is_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "MOST_TO_CHECK", 2)
    for number in range(2):
        send(db, number=f"{NUMBER}-{number}")
    with pytest.raises(ApplicationsClosedError):
        send(db, number=f"{NUMBER}-2")


# --- Whom she would find it hard to meet ------------------------------------------------------


def test_whom_she_would_find_it_hard_to_meet_is_read_behind_the_seal_and_nowhere_else(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    ref = inbox.take_up(db, amina, sent.ref, version=sent.version)

    assert "Perpetua" not in str(inbox.view(db, amina, sent.ref))
    assert "Perpetua" not in str(inbox.of_volunteer(db, amina, ref))
    assert "Perpetua" not in str(volunteers.summary(db, amina, ref))
    opened = sealed.opened(db, amina, ref, sealed.Why.PLACING)
    assert opened.hard_to_meet == ("Somebody called Perpetua",)


# --- Checking ----------------------------------------------------------------------------


def test_taken_up_she_is_at_application_with_what_she_said_as_her_plan(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    ref = inbox.take_up(db, amina, sent.ref, version=sent.version)

    one = volunteers.summary(db, amina, ref)
    assert (one.name, one.stage, one.phone) == ("Maya Rowe", "application", "07700 900123")
    plan = contact.of_volunteer(db, amina, ref)
    assert plan.said == ContactDraft(
        may_call=True, times="Weekday mornings", name_to_use="Sarah from the craft group",
        code_word="marmalade",
    )  # fmt: skip
    assert plan.confirmed_on == TODAY
    assert {answer.route: answer.why for answer in plan.answers} == {
        Route.CALL: Why.CHECK_FIRST,
        Route.TEXT: Why.NOT_SAID_SAFE,
        Route.EMAIL: Why.NOT_SAID_SAFE,
    }
    assert inbox.to_check(db, amina).empty


def test_a_number_that_is_not_safe_is_not_on_her_record(
    db: Session, amina: Actor, is_open: None
) -> None:
    fields = {key: text for key, text in FIELDS.items() if key != "routes.call"}
    inbox.submit(db, NUMBER, {**fields, "routes.email": "yes", "email": "maya@example.org"})
    form_ref = inbox.to_check(db, amina)["ref"].tolist()[0]

    one = volunteers.summary(db, amina, inbox.take_up(db, amina, form_ref, version=1))

    assert (one.phone, one.email) == (None, "maya@example.org")


@pytest.mark.parametrize(
    ("before", "after"),
    [("interest", "application"), ("conversation", "application"), ("training", "training")],
)
def test_taken_up_for_somebody_who_is_here_it_makes_no_second_record(
    db: Session, amina: Actor, sent: ApplicationView, before: str, after: str
) -> None:
    maya = make_volunteer(db, amina, stage=Stage(before))

    ref = inbox.take_up(db, amina, sent.ref, maya.ref, version=sent.version)

    assert ref == maya.ref
    assert db.scalar(select(func.count()).select_from(Volunteer)) == 1
    assert volunteers.summary(db, amina, ref).stage == after
    assert volunteers.directory(db, amina, search="07700 900123")["ref"].tolist() == [ref]


def test_set_aside_it_keeps_its_reason(db: Session, amina: Actor, sent: ApplicationView) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inbox.set_aside(db, amina, sent.ref, reason=" ", version=sent.version)
    assert list(refused.value.problems) == ["aside"]

    inbox.set_aside(db, amina, sent.ref, reason="Another area", version=sent.version)

    kept = db.scalars(select(VolunteerApplication)).one()
    assert (kept.state, kept.reason) == (FormState.SET_ASIDE, "Another area")


def test_of_two_who_check_it_the_second_is_told(
    db: Session, amina: Actor, sent: ApplicationView
) -> None:
    inbox.set_aside(db, amina, sent.ref, reason="Another area", version=sent.version)
    for version in (sent.version, sent.version + 1):
        with pytest.raises(ConflictError, match="checked this application meanwhile"):
            inbox.take_up(db, amina, sent.ref, version=version)
    assert db.scalar(select(func.count()).select_from(Volunteer)) == 0


def test_nobody_but_a_coordinator_sees_applications_or_plans(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor, sent: ApplicationView
) -> None:
    maya = make_volunteer(db, amina)
    acts: list[Callable[[Actor], object]] = [
        lambda who: inbox.to_check(db, who),
        lambda who: inbox.to_check_count(db, who),
        lambda who: inbox.view(db, who, sent.ref),
        lambda who: inbox.of_volunteer(db, who, maya.ref),
        lambda who: inbox.set_aside(db, who, sent.ref, reason="x", version=1),
        lambda who: inbox.take_up(db, who, sent.ref, version=1),
        lambda who: contact.of_volunteer(db, who, maya.ref),
        lambda who: contact.save(db, who, maya.ref, ContactDraft(), version=0),
        lambda who: contact.confirm(db, who, maya.ref, version=0),
    ]
    for stranger in (ben, leila, ada):
        for act in acts:
            with pytest.raises(NotPermittedError):
                act(stranger)
    with pytest.raises(NotFoundError):
        inbox.view(db, amina, "nothing")
    with pytest.raises(NotFoundError):
        contact.of_volunteer(db, amina, "nothing")


def test_the_list_goes_on_page_by_page(
    db: Session, amina: Actor, is_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "PAGE", 2)
    for number in range(3):
        send(db, number=f"{NUMBER}-{number}", first_name=f"Maya{number}")
    first = inbox.to_check(db, amina)
    rest = inbox.to_check(db, amina, after=int(first["number"].iloc[-1]))
    assert [*first["name"], *rest["name"]] == [f"Maya{n} Rowe" for n in range(3)]


# --- Her plan ----------------------------------------------------------------------------


def test_without_a_plan_nobody_may_reach_her(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina, phone="07700 900123")
    plan = contact.of_volunteer(db, amina, maya.ref)
    assert {answer.why for answer in plan.answers} == {Why.NO_PLAN}
    assert (plan.version, plan.said) == (0, ContactDraft())


def test_what_allows_more_waits_until_she_has_confirmed_it_and_less_counts_at_once(
    db: Session, amina: Actor
) -> None:
    maya = make_volunteer(db, amina, phone="07700 900123")
    contact.save(db, amina, maya.ref, ContactDraft(may_call=True), version=0)
    assert whys(db, amina, maya) == {Why.NOT_CONFIRMED}

    contact.confirm(db, amina, maya.ref, version=1)
    assert Why.SAFE in whys(db, amina, maya)

    contact.save(db, amina, maya.ref, ContactDraft(), version=2)
    assert whys(db, amina, maya) == {Why.NOT_SAID_SAFE}
    assert contact.of_volunteer(db, amina, maya.ref).confirmed_on == TODAY

    contact.save(db, amina, maya.ref, ContactDraft(may_text=True), version=3)
    assert whys(db, amina, maya) == {Why.NOT_CONFIRMED}


def test_a_confirmation_holds_as_long_as_for_anybody(
    db: Session, amina: Actor, sent: ApplicationView, time_stands_still: Clock
) -> None:
    ref = inbox.take_up(db, amina, sent.ref, version=sent.version)
    maya = db.scalars(select(Volunteer).where(Volunteer.ref == ref)).one()

    time_stands_still.go_on(days=30)
    assert Why.LAPSED not in whys(db, amina, maya)
    time_stands_still.go_on(days=1)
    assert whys(db, amina, maya) == {Why.LAPSED}
    assert contact.of_volunteer(db, amina, ref).confirmed_on == TODAY


def test_two_who_change_a_plan_do_not_overwrite_each_other(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina)
    contact.save(db, amina, maya.ref, ContactDraft(times="Mornings"), version=0)
    for act in (
        lambda: contact.save(db, amina, maya.ref, ContactDraft(), version=0),
        lambda: contact.confirm(db, amina, maya.ref, version=0),
    ):
        with pytest.raises(ConflictError, match="Amina changed this"):
            act()


def test_too_many_words_are_said_at_their_field(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina)
    with pytest.raises(InvalidInputError) as refused:
        contact.save(db, amina, maya.ref, ContactDraft(times="x" * 501), version=0)
    assert list(refused.value.problems) == ["times"]


def whys(db: Session, actor: Actor, volunteer: Volunteer) -> set[Why]:
    return {answer.why for answer in contact.of_volunteer(db, actor, volunteer.ref).answers}
