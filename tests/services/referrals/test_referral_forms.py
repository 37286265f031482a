"""Forms of professionals: what is asked, kept once, checked by a coordinator and nobody else."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    FormState,
    Intervention,
    Organisation,
    Person,
    Referral,
    ReferralForm,
    ReferralSource,
    Role,
    Route,
    RouteAnswer,
)
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import record_locks
from services.people.people import PersonDraft
from services.permissions import Actor
from services.plans import interventions
from services.public_forms import sent_forms
from services.referrals import referral_form, referral_forms, referrals
from services.referrals.referral_forms import FormView, ReferralsClosedError
from services.referrals.referrals import ReferralDraft
from services.safe_contact import may_we, view
from services.safe_contact.facts import Why
from tests.make import make_actor, make_contact, make_person

TODAY = date(2026, 9, 16)
NUMBER = "a-blank-form-of-its-own-1"
FIELDS = {
    "sender_name": "Wren Tull",
    "sender_agency": "Harbour Advice",
    "sender_contact": "01632 960111",
    "kind": "adult",
    "first_name": "Dana",
    "last_name": "Okoro",
    "date_of_birth": "27 3 1985",
    "agrees": "yes",
    "routes.text": "yes",
    "phone": "07700 900123",
    "reason": "Would like a group.",
}
DRAFT = ReferralDraft(source=ReferralSource.INTERNAL, received_on=TODAY, reason="A group")


@pytest.fixture
def is_open(db: Session) -> None:
    db.execute(update(Organisation).values(referrals_open=True))


def send(db: Session, number: str = NUMBER, **more: str) -> None:
    referral_forms.submit(db, number, {**FIELDS, **more})


@pytest.fixture
def sent(db: Session, amina: Actor, is_open: None) -> FormView:
    """A form that came in, as Amina sees it."""
    send(db)
    ref = referral_forms.to_check(db, amina)["ref"].tolist()[0]
    return referral_forms.view(db, amina, ref)


# --- What is asked -----------------------------------------------------------------------


def test_only_what_is_needed_has_to_be_answered() -> None:
    with pytest.raises(InvalidInputError) as refused:
        referral_form.checked({}, {}, today=TODAY)
    assert set(refused.value.problems) == {
        "sender_name", "sender_agency", "sender_contact", "kind", "first_name", "last_name",
        "agrees", "reason",
    }  # fmt: skip


def test_no_way_to_reach_her_is_safe_until_it_is_ticked() -> None:
    fields = {key: text for key, text in FIELDS.items() if not key.startswith("routes")}
    assert "routes" not in referral_form.checked(fields, {}, today=TODAY)
    assert referral_form.checked(FIELDS, {}, today=TODAY)["routes"] == ["text"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("27 3 1985", "1985-03-27"), ("27/03/1985", "1985-03-27"), ("1985-03-27", "1985-03-27")],
)
def test_a_birthday_is_understood_as_people_write_it(typed: str, kept: str) -> None:
    fields = {**FIELDS, "date_of_birth": typed}
    assert referral_form.checked(fields, {}, today=TODAY)["date_of_birth"] == kept


@pytest.mark.parametrize(
    "typed", ["1985", "31 2 1985", "27 3 85", "1 1 2027", "1 1 1800", "9" * 90, "27 March 1985"]
)
def test_an_impossible_birthday_is_said_at_the_question(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        referral_form.checked({**FIELDS, "date_of_birth": typed}, {}, today=TODAY)
    assert list(refused.value.problems) == ["date_of_birth"]


@pytest.mark.parametrize(
    ("key", "typed"), [("first_name", "x" * 201), ("reason", "x" * 2_001), ("agrees", "maybe")]
)
def test_too_much_or_something_else_is_said_at_the_question(key: str, typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        referral_form.checked({**FIELDS, key: typed}, {}, today=TODAY)
    assert list(refused.value.problems) == [key]


def test_only_what_is_offered_now_can_be_asked_for() -> None:
    fields = {**FIELDS, "wishes.a": "yes", "wishes.gone": "yes"}
    assert referral_form.checked(fields, {"a": "Groups"}, today=TODAY)["wishes"] == ["a"]


# --- Sending -----------------------------------------------------------------------------


def test_a_closed_form_takes_nothing(db: Session) -> None:
    with pytest.raises(ReferralsClosedError, match="at the moment"):
        send(db)


def test_a_form_is_kept_to_be_checked_and_makes_no_record(
    db: Session, amina: Actor, sent: FormView
) -> None:
    (row,) = referral_forms.to_check(db, amina).to_dict("records")
    assert (row["about"], row["sent_by"], row["agrees"]) == ("Dana Okoro", "Harbour Advice", True)
    assert sent.answers["Date of birth, if you know it"] == "27 March 1985"
    assert sent.answers["Which ways to reach her has she said are safe?"] == "A text message"
    assert (sent.person.first_name, sent.phone) == ("Dana", "07700 900123")
    assert db.scalar(select(func.count()).select_from(Person)) == 0
    assert referral_forms.to_check_count(db, amina) == 1


def test_sent_twice_it_counts_once_and_without_a_number_it_is_asked_for_again(
    db: Session, amina: Actor, sent: FormView
) -> None:
    send(db)
    assert referral_forms.to_check_count(db, amina) == 1
    with pytest.raises(InvalidInputError, match="once more"):
        send(db, number="short")


def test_nothing_of_it_is_readable_in_the_database_or_the_log(db: Session, sent: FormView) -> None:
    raw = db.connection().exec_driver_sql("SELECT answers FROM referral_forms").scalar_one()
    assert "Dana" not in raw
    entries = db.scalars(select(AuditEntry)).all()
    assert "referral_form.received" in [entry.action for entry in entries]
    assert "Dana" not in "".join(entry.details + entry.subject for entry in entries)


def test_a_machine_cannot_fill_the_list_without_end(
    db: Session, is_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "MOST_TO_CHECK", 2)
    for number in range(2):
        send(db, number=f"{NUMBER}-{number}")
    with pytest.raises(ReferralsClosedError):
        send(db, number=f"{NUMBER}-2")


# --- Checking ----------------------------------------------------------------------------


def test_taken_up_it_becomes_a_person_and_a_referral_and_stays_with_it(
    db: Session, amina: Actor, sent: FormView
) -> None:
    made = referral_forms.take_up(db, amina, sent.ref, DRAFT, sent.person, version=sent.version)

    ref = made.referral_ref
    assert referrals.summary(db, amina, ref).name == "Dana Okoro"
    assert referral_forms.behind(db, amina, ref)["Your name"] == "Wren Tull"
    assert referral_forms.to_check(db, amina).empty
    assert referral_forms.view(db, amina, sent.ref).state == "taken_up"


def test_taken_up_for_somebody_who_is_here_it_makes_no_second_record(
    db: Session, amina: Actor, sent: FormView
) -> None:
    dana = make_person(db, amina)
    referral_forms.take_up(db, amina, sent.ref, DRAFT, dana.ref, version=sent.version)
    assert db.scalar(select(func.count()).select_from(Person)) == 1
    assert db.scalars(select(Referral.person_id)).all() == [dana.id]


def test_set_aside_it_keeps_its_reason(db: Session, amina: Actor, sent: FormView) -> None:
    with pytest.raises(InvalidInputError) as refused:
        referral_forms.set_aside(db, amina, sent.ref, reason=" ", version=sent.version)
    assert list(refused.value.problems) == ["aside"]

    referral_forms.set_aside(db, amina, sent.ref, reason="Another area", version=sent.version)

    kept = db.scalars(select(ReferralForm)).one()
    assert (kept.state, kept.reason) == (FormState.SET_ASIDE, "Another area")
    assert kept.checked_by_id == amina.account_id


def test_a_form_about_somebody_whose_record_she_is_kept_out_of_does_not_exist_for_her(
    db: Session, amina: Actor, sent: FormView
) -> None:
    zora = make_actor(db, "zora", Role.COORDINATOR)
    referral_forms.take_up(db, amina, sent.ref, DRAFT, sent.person, version=sent.version)
    assert referral_forms.view(db, zora, sent.ref).state == "taken_up"
    dana = db.scalars(select(Person.ref)).one()

    record_locks.keep_out(db, amina, dana, zora.ref, reason="They are neighbours.")

    with pytest.raises(NotFoundError):
        referral_forms.view(db, zora, sent.ref)
    assert referral_forms.view(db, amina, sent.ref).state == "taken_up"


@pytest.mark.parametrize(
    ("risk", "said"), [("high", "High"), ("standard", "Standard"), ("unknown", ""), ("", "")]
)
def test_the_list_says_of_risk_what_was_sent(
    db: Session, amina: Actor, is_open: None, risk: str, said: str
) -> None:
    send(db, risk=risk)
    listed = referral_forms.to_check(db, amina)
    assert listed["risk"].tolist() == [said]
    assert referral_forms.view(db, amina, listed["ref"].iloc[0]).is_high_risk == (risk == "high")


def test_of_two_who_check_a_form_the_second_is_told(
    db: Session, amina: Actor, sent: FormView
) -> None:
    referral_forms.set_aside(db, amina, sent.ref, reason="Another area", version=sent.version)
    for version in (sent.version, sent.version + 1):
        with pytest.raises(ConflictError, match="checked this form meanwhile"):
            referral_forms.take_up(db, amina, sent.ref, DRAFT, sent.person, version=version)
    assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_a_form_that_cannot_be_taken_up_stays_to_be_checked(
    db: Session, amina: Actor, sent: FormView
) -> None:
    nobody = PersonDraft(kind=sent.person.kind, first_name=" ", last_name="Okoro")
    with pytest.raises(InvalidInputError), db.begin_nested():
        referral_forms.take_up(db, amina, sent.ref, DRAFT, nobody, version=sent.version)
    assert referral_forms.to_check_count(db, amina) == 1


def test_only_coordinators_see_forms(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor, sent: FormView
) -> None:
    acts: list[Callable[[Actor], object]] = [
        lambda who: referral_forms.to_check(db, who),
        lambda who: referral_forms.to_check_count(db, who),
        lambda who: referral_forms.view(db, who, sent.ref),
        lambda who: referral_forms.behind(db, who, "any"),
        lambda who: referral_forms.set_aside(db, who, sent.ref, reason="x", version=1),
        lambda who: referral_forms.take_up(db, who, sent.ref, DRAFT, "any", version=1),
    ]
    for stranger in (ben, leila, ada):
        for act in acts:
            with pytest.raises(NotPermittedError):
                act(stranger)
    with pytest.raises(NotFoundError):
        referral_forms.view(db, amina, "nothing")


def test_the_list_goes_on_page_by_page(
    db: Session, amina: Actor, is_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "PAGE", 2)
    for number in range(3):
        send(db, number=f"{NUMBER}-{number}", first_name=f"Dana{number}")
    first = referral_forms.to_check(db, amina)
    rest = referral_forms.to_check(db, amina, after=int(first["number"].iloc[-1]))
    assert [*first["about"], *rest["about"]] == [f"Dana{n} Okoro" for n in range(3)]


def test_a_wish_no_longer_offered_is_still_read(db: Session, amina: Actor, is_open: None) -> None:
    wish = next(iter(interventions.choices(db)), None)
    if wish is None:
        db.add(Intervention(name="Recovery groups", position=1))
        db.flush()
        wish = next(iter(interventions.choices(db)))
    referral_forms.submit(db, NUMBER, {**FIELDS, f"wishes.{wish}": "yes"})
    name = db.scalars(select(Intervention.name).where(Intervention.ref == wish)).one()
    db.execute(update(Intervention).values(is_active=False))
    ref = referral_forms.to_check(db, amina)["ref"].tolist()[0]
    assert referral_forms.view(db, amina, ref).answers["What would she like?"] == name


# --- What was said of reaching her -------------------------------------------------------


def test_what_was_said_of_reaching_her_fills_her_plan_and_counts_for_nothing_yet(
    db: Session, amina: Actor, is_open: None
) -> None:
    her = taken_up(
        db, amina, **{
            "routes.call": "yes", "routes.email": "yes", "routes.worker": "yes",
            "phone": "07700 900123", "email": "ask me", "voicemail": "yes",
            "when": "Mondays before noon", "say": "Sarah", "seen_by": "Her son",
        },
    )  # fmt: skip

    plan = view.plan_of(db, amina, her)
    assert (plan.reach.why, plan.confirmed_on) == (Why.NOT_CONFIRMED, None)
    assert (plan.name_to_use, plan.who_else_sees) == ("Sarah", "Her son")
    assert plan.note == (
        "From the referral form of Wren Tull of Harbour Advice; she has not been asked here yet. "
        "Given as well: ask me."
    )
    assert set(plan.rules) == {Route.CALL, Route.TEXT, Route.VIA_WORKER}
    call = plan.rules[Route.CALL]
    assert (call.answer, call.condition) == (RouteAnswer.ONLY_WHEN, "Mondays before noon")
    assert call.may_leave_message
    assert not plan.rules[Route.TEXT].may_leave_message
    assert not may_we(db, amina, her, Route.CALL).allowed


def test_a_number_without_a_way_named_as_safe_is_no_route(
    db: Session, amina: Actor, is_open: None
) -> None:
    form = {key: text for key, text in FIELDS.items() if not key.startswith("routes")}
    referral_forms.submit(db, NUMBER, form)

    plan = view.plan_of(db, amina, taken_up(db, amina))

    assert (plan.rules, plan.reach.why) == ({}, Why.NOT_CONFIRMED)
    assert "07700 900123" in (plan.note or "")


def test_a_plan_she_has_already_stays_as_she_said_it(
    db: Session, amina: Actor, sent: FormView
) -> None:
    dana = make_person(db, amina)
    make_contact(db, amina, dana)
    before = view.plan_of(db, amina, dana.ref)

    made = referral_forms.take_up(db, amina, sent.ref, DRAFT, dana.ref, version=sent.version)

    assert view.plan_of(db, amina, dana.ref) == before
    assert not made.fills_plan


def test_a_form_that_says_nothing_of_reaching_her_makes_no_plan(
    db: Session, amina: Actor, is_open: None
) -> None:
    left_out = ("routes", "phone")
    form = {key: text for key, text in FIELDS.items() if not key.startswith(left_out)}
    referral_forms.submit(db, NUMBER, form)

    assert view.plan_of(db, amina, taken_up(db, amina)).reach.why is Why.NO_PLAN


def taken_up(db: Session, actor: Actor, **more: str) -> str:
    """The reference of somebody made of the form that waits, or of one sent with more answers."""
    if more:
        send(db, **more)
    ref = referral_forms.to_check(db, actor)["ref"].tolist()[0]
    form = referral_forms.view(db, actor, ref)
    referral_forms.take_up(db, actor, ref, DRAFT, form.person, version=form.version)
    return db.scalars(select(Person.ref).order_by(Person.id.desc()).limit(1)).one()
