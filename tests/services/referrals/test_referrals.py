"""Taking down a referral: from whom, for whom, what for; and who finds it again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Intervention,
    Person,
    PersonKind,
    RecordLock,
    Referral,
    ReferralSource,
    ReferralState,
)
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people.people import PersonDraft
from services.permissions import Actor
from services.plans import interventions
from services.referrals import agencies, agency_workers, referral_steps, referrals
from services.referrals.agency_workers import WorkerDraft
from services.referrals.referrals import PAGE, ReferralDraft
from tests.make import make_agency, make_group, make_person, make_place, make_referral

TODAY = date(2026, 9, 16)
MONDAY = date(2026, 9, 14)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


@pytest.fixture
def wishes(db: Session) -> list[str]:
    """References of two interventions, in the order of the list."""
    for position, name in enumerate(("Recovery groups", "Work with children"), 90):
        db.add(Intervention(name=name, position=position))
    db.flush()
    return [ref for ref, name in interventions.choices(db).items() if name.startswith(("Rec", "W"))]


def test_a_referral_is_kept_with_its_source_reason_and_wishes(
    db: Session, amina: Actor, dana: Person, wishes: list[str]
) -> None:
    agency = make_agency(db, amina)
    worker = agency_workers.add(db, amina, agency, WorkerDraft(name="Wren Tull"))
    draft = ReferralDraft(
        source=ReferralSource.AGENCY,
        agency_ref=agency,
        worker_ref=worker,
        received_on=MONDAY,
        reason=" Would like a group. ",
        wishes=wishes,
    )

    found = referrals.summary(db, amina, referrals.add(db, amina, dana.ref, draft))

    assert (found.agency, found.worker) == ("Harbour Advice", "Wren Tull")
    assert (found.name, found.reason) == ("Dana Okoro", "Would like a group.")
    assert len(found.wishes) == len(wishes)
    assert (found.state, found.state_since) == ("referred", MONDAY)
    assert found.first_contact_on is found.offered_on is found.first_session_on is None


def test_its_history_begins_with_the_day_it_came_in(
    db: Session, amina: Actor, dana: Person
) -> None:
    ref = make_referral(db, amina, dana, received_on=MONDAY).ref
    (row,) = referral_steps.history(db, amina, ref).to_dict("records")
    assert (row["on"], row["before"], row["after"]) == (MONDAY, None, "referred")


def test_a_new_family_and_its_referral_come_in_one_step(db: Session, amina: Actor) -> None:
    members = [
        PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro"),
        PersonDraft(kind=PersonKind.CHILD, first_name="Ife", last_name="Okoro"),
    ]
    draft = ReferralDraft(source=ReferralSource.SELF, received_on=TODAY)

    found = referrals.summary(db, amina, referrals.add_with_family(db, amina, members, draft))

    assert found.name == "Dana Okoro"
    assert db.scalar(select(func.count()).select_from(Person)) == 2


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("received_on", {"received_on": TODAY + timedelta(days=1)}),
        ("received_on", {"received_on": TODAY - timedelta(days=400)}),
        ("agency", {"source": ReferralSource.AGENCY}),
        ("agency", {"agency_ref": "some"}),
        ("reason", {"reason": "x" * 2_001}),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    db: Session, amina: Actor, dana: Person, field: str, more: dict[str, object]
) -> None:
    values = {"source": ReferralSource.SELF, "received_on": TODAY, **more}
    with pytest.raises(InvalidInputError) as refused:
        referrals.add(db, amina, dana.ref, ReferralDraft(**values))  # type: ignore[arg-type]
    assert list(refused.value.problems) == [field]


def test_a_closed_partner_refers_nobody_and_a_worker_only_for_her_own(
    db: Session, amina: Actor, dana: Person
) -> None:
    harbour, school = make_agency(db, amina), make_agency(db, amina, "Aspen School")
    worker = agency_workers.add(db, amina, school, WorkerDraft(name="Wren Tull"))
    sent = {"source": ReferralSource.AGENCY, "received_on": TODAY, "agency_ref": harbour}
    with pytest.raises(InvalidInputError, match="worker of this partner"):
        referrals.add(db, amina, dana.ref, ReferralDraft(**sent, worker_ref=worker))  # type: ignore[arg-type]
    agencies.switch(db, amina, harbour, active=False, version=1)
    with pytest.raises(InvalidInputError, match="partner from the directory"):
        referrals.add(db, amina, dana.ref, ReferralDraft(**sent))  # type: ignore[arg-type]


def test_a_form_sent_twice_makes_one_referral(db: Session, amina: Actor, dana: Person) -> None:
    make_referral(db, amina, dana)
    with pytest.raises(ConflictError, match="here already"):
        make_referral(db, amina, dana)
    make_referral(db, amina, dana, received_on=MONDAY)
    assert len(referrals.of_person(db, amina, dana.ref)) == 2


def test_the_list_is_newest_first_by_state_and_page_by_page(db: Session, amina: Actor) -> None:
    for number in range(PAGE + 2):
        person = make_person(db, amina, f"Dana{number}")
        make_referral(db, amina, person, received_on=MONDAY - timedelta(days=number // 2))
    states = (ReferralState.REFERRED,)

    first = referrals.directory(db, amina, states=states)
    last = first.iloc[-1]
    rest = referrals.directory(
        db, amina, states=states, after=(last["received"], int(last["number"]))
    )

    assert (len(first), len(rest)) == (PAGE, 2)
    assert first["received"].is_monotonic_decreasing
    assert not set(first["ref"]) & set(rest["ref"])
    assert first["days"].tolist()[:2] == [2, 2]
    assert referrals.directory(db, amina, states=(ReferralState.WAITING,)).empty


def test_a_facilitator_sees_the_referrals_of_her_own_people_and_changes_none(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Person
) -> None:
    ref = make_referral(db, amina, dana).ref
    make_place(db, amina, make_group(db, amina, [ben]), dana)

    assert referrals.directory(db, ben)["name"].tolist() == ["Dana Okoro"]
    assert referrals.summary(db, ben, ref).person_ref == dana.ref
    assert referrals.directory(db, chloe).empty
    assert referrals.of_person(db, chloe, dana.ref).empty
    assert referral_steps.history(db, chloe, ref).empty
    with pytest.raises(NotFoundError):
        referrals.summary(db, chloe, ref)
    with pytest.raises(NotPermittedError):
        make_referral(db, ben, dana, received_on=MONDAY)


def test_a_locked_record_has_no_referral_for_whoever_is_kept_out(
    db: Session, amina: Actor, ada: Actor, dana: Person
) -> None:
    ref = make_referral(db, amina, dana).ref
    lock = RecordLock(
        person_id=dana.id, account_id=amina.account_id, reason="Neighbours",
        locked_by_id=ada.account_id, locked_at=clock.now(),
    )  # fmt: skip
    db.add(lock)
    db.flush()
    assert referrals.directory(db, amina).empty
    with pytest.raises(NotFoundError):
        referrals.summary(db, amina, ref)
    with pytest.raises(NotFoundError):
        make_referral(db, amina, dana, received_on=MONDAY)


def test_leads_evaluators_and_engage_workers_see_no_referral(
    db: Session, leila: Actor, vik: Actor, erin: Actor
) -> None:
    for stranger in (leila, vik, erin):
        with pytest.raises(NotPermittedError):
            referrals.directory(db, stranger)


def test_a_look_is_logged_and_the_log_holds_no_words(
    db: Session, amina: Actor, dana: Person
) -> None:
    ref = make_referral(db, amina, dana, reason="A private reason").ref
    referrals.summary(db, amina, ref)
    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries][-2:] == ["referral.added", "record.viewed"]
    assert "private" not in "".join(entry.details for entry in entries)


def test_a_page_of_referrals_costs_one_query(
    db: Session, amina: Actor, count_queries: object
) -> None:
    for number in range(3):
        make_referral(db, amina, make_person(db, amina, f"Dana{number}"))
    db.flush()
    with count_queries() as statements:  # type: ignore[operator]
        referrals.directory(db, amina)
    assert len(statements) == 1


def test_the_reason_is_not_readable_in_the_database(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_referral(db, amina, dana, reason="A private reason")
    raw = db.connection().exec_driver_sql("SELECT reason FROM referrals").scalar_one()
    assert "private" not in raw
    assert db.scalars(select(Referral.reason)).all() == ["A private reason"]
