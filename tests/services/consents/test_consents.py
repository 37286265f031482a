"""Consents: what each is for, what is shown of them, and who may."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agency, AuditEntry, Basis, Consent, Kinship, Person, Purpose, RecordLock
from services import clock
from services.consents import consent_view, consents
from services.consents.consents import consented, holds
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place
from tests.services.consents.asking import (
    CHILD,
    FIFTEEN,
    SIXTEEN,
    TODAY,
    YESTERDAY,
    by_carer,
    by_herself,
    child_of,
    faults,
    judged,
    make_agency,
    refs,
    stands,
)


def last_entry(db: Session) -> AuditEntry:
    return db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


# --- What it is for ----------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.SHARE])
def test_each_purpose_is_asked_for_on_its_own(
    db: Session, amina: Actor, rosa: Person, purpose: Purpose
) -> None:
    consents.record(db, amina, rosa.ref, by_herself(purpose))

    others = [one for one in Purpose if one not in (purpose, Purpose.SHARE)]
    assert stands(db, rosa, purpose)
    assert not any(stands(db, rosa, other) for other in others)


def test_sharing_is_consented_to_agency_by_agency(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    council = make_agency(db, "Harbour Council")
    consents.record(db, amina, rosa.ref, by_herself(Purpose.SHARE, agency_ref=police.ref))

    assert holds(db, [rosa.id], Purpose.SHARE, agency_id=police.id) == {rosa.id}
    assert holds(db, [rosa.id], Purpose.SHARE, agency_id=council.id) == frozenset()


def test_an_agency_that_is_missing_unknown_or_closed_is_refused(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    police.is_active = False
    db.flush()

    for agency_ref in (None, "nothing", police.ref):
        draft = by_herself(Purpose.SHARE, agency_ref=agency_ref)
        assert faults(db, amina, rosa, draft) == ["agency"]


def test_asking_about_sharing_without_an_agency_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="agency"):
        consented(Purpose.SHARE)
    with pytest.raises(ValueError, match="agency"):
        consented(Purpose.QUOTE, agency_id=1)


def test_the_clause_finds_those_and_only_those_whose_consent_stands(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ines, maya = make_person(db, amina, "Ines"), make_person(db, amina, "Maya")
    for person in (rosa, ines):
        consents.record(db, amina, person.ref, by_herself(Purpose.QUOTE))
    consents.withdraw(db, amina, refs(db, amina, ines)[0], on=TODAY, version=1)

    found = db.scalars(select(Person.id).where(consented(Purpose.QUOTE))).all()

    assert found == [rosa.id]
    assert holds(db, [rosa.id, ines.id, maya.id], Purpose.QUOTE) == {rosa.id}
    assert holds(db, [], Purpose.QUOTE) == frozenset()


# --- What is shown -----------------------------------------------------------------------


def test_every_purpose_is_a_row_given_withdrawn_or_not_asked(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    consents.record(db, amina, rosa.ref, by_herself())
    photo = consents.record(db, amina, rosa.ref, by_herself(Purpose.PHOTO))
    consents.withdraw(db, amina, photo, on=TODAY, version=1)
    for agency in (police, make_agency(db, "Harbour Council")):
        draft = by_herself(Purpose.SHARE, agency_ref=agency.ref)
        consents.record(db, amina, rosa.ref, draft)

    rows = consent_view.by_purpose(consent_view.history(db, amina, rosa.ref))

    assert list(zip(rows["purpose"], rows["agency"], rows["state"], strict=True)) == [
        ("take_part", None, "given"),
        ("share", "Harbour Council", "given"),
        ("share", "Riverside Police", "given"),
        ("evaluation", None, "not_asked"),
        ("quote", None, "not_asked"),
        ("photo", None, "withdrawn"),
        ("contact_after", None, "not_asked"),
        ("volunteer_approach", None, "not_asked"),
    ]


def test_of_somebody_never_asked_every_row_says_so(db: Session, amina: Actor, rosa: Person) -> None:
    rows = consent_view.by_purpose(consent_view.history(db, amina, rosa.ref))

    assert set(rows["state"]) == {"not_asked"}
    assert len(rows) == len(Purpose)


def test_at_sixteen_what_her_carer_agreed_to_is_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person, time_stands_still: Clock
) -> None:
    consents.record(db, amina, june.ref, by_carer(rosa))
    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == [None]

    time_stands_still.go_on(days=1)

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == ["now_16"]
    assert stands(db, june)


def test_what_somebody_agreed_to_who_is_responsible_no_more_is_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    sister = child_of(db, amina, rosa, born=FIFTEEN)
    for child in (june, sister):
        consents.record(db, amina, child.ref, by_carer(rosa))
    kinship = db.scalars(select(Kinship).where(Kinship.relative_id == june.id)).one()
    kinship.has_responsibility = False
    db.flush()

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == ["not_responsible"]
    assert consent_view.history(db, amina, sister.ref)["ask_again"].tolist() == [None]


def test_what_was_taken_back_is_not_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person, time_stands_still: Clock
) -> None:
    ref = consents.record(db, amina, june.ref, by_carer(rosa))
    consents.withdraw(db, amina, ref, on=TODAY, version=1)

    time_stands_still.go_on(days=1)

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == [None]


def test_a_form_offers_what_can_be_on_the_days_one_may_record(
    db: Session, amina: Actor, ben: Actor, leila: Actor, rosa: Person, june: Person, police: Agency
) -> None:
    almost = consent_view.asking(db, amina, june.ref)
    lately = consent_view.asking(db, amina, child_of(db, amina, rosa, born=SIXTEEN).ref)

    assert (almost.bases, almost.is_under_age) == ((Basis.GILLICK, Basis.RESPONSIBILITY), True)
    assert (lately.bases, lately.is_under_age) == (tuple(Basis), False)
    assert consent_view.asking(db, amina, rosa.ref).bases == (Basis.SELF,)
    assert almost.carers == {rosa.ref: "Rosa Marsh"}
    assert almost.judges == {amina.ref: "Amina", ben.ref: "Ben"}
    assert almost.agencies == {police.ref: "Riverside Police"}


def test_who_has_a_place_and_has_not_agreed_to_take_part_is_to_be_asked(
    db: Session, amina: Actor, ben: Actor, rosa: Person
) -> None:
    group = make_group(db, amina, [ben])
    ines = make_person(db, amina, "Ines")
    assert not consent_view.to_ask(db, amina, rosa.ref)
    for person in (rosa, ines):
        make_place(db, amina, group, person)
    ref = consents.record(db, ben, ines.ref, by_herself())

    assert consent_view.to_ask_in_group(db, ben, group.ref) == {rosa.ref}
    assert consent_view.to_ask(db, ben, rosa.ref)
    assert not consent_view.to_ask(db, ben, ines.ref)

    consents.withdraw(db, ben, ref, on=TODAY, version=1)

    assert consent_view.to_ask_in_group(db, ben, group.ref) == {rosa.ref, ines.ref}


# --- Who may -----------------------------------------------------------------------------


def test_a_stranger_a_locked_out_colleague_and_a_wrong_reference_find_nobody(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, rosa: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), rosa)
    make_group(db, amina, [chloe], code_name="Friday walk")
    ref = consents.record(db, ben, rosa.ref, by_herself())
    lock = RecordLock(
        person_id=rosa.id,
        account_id=ben.account_id,
        reason="He knows her brother.",
        locked_by_id=amina.account_id,
        locked_at=clock.now(),
    )
    db.add(lock)
    db.flush()

    for actor in (chloe, ben):
        with pytest.raises(NotFoundError):
            consents.record(db, actor, rosa.ref, by_herself(Purpose.QUOTE))
        with pytest.raises(NotFoundError):
            consents.withdraw(db, actor, ref, on=TODAY, version=1)
        with pytest.raises(NotFoundError):
            consent_view.history(db, actor, rosa.ref)
        with pytest.raises(NotFoundError):
            consent_view.asking(db, actor, rosa.ref)
        assert not consent_view.to_ask(db, actor, rosa.ref)
    with pytest.raises(NotFoundError):
        consents.withdraw(db, amina, "nothing", on=TODAY, version=1)


def test_who_may_not_record_consents_sees_none(
    db: Session, leila: Actor, vik: Actor, ada: Actor, erin: Actor, rosa: Person
) -> None:
    for actor in (leila, vik, ada, erin):
        with pytest.raises(NotPermittedError):
            consents.record(db, actor, rosa.ref, by_herself())
        with pytest.raises(NotPermittedError):
            consents.withdraw(db, actor, "nothing", on=TODAY, version=1)
        with pytest.raises(NotPermittedError):
            consent_view.history(db, actor, rosa.ref)
        with pytest.raises(NotPermittedError):
            consent_view.to_ask_in_group(db, actor, "nothing")


@pytest.mark.parametrize("given_on", [TODAY + timedelta(days=1), date(2021, 9, 15)])
def test_a_day_to_come_or_long_ago_is_refused(
    db: Session, amina: Actor, rosa: Person, given_on: date
) -> None:
    assert faults(db, amina, rosa, by_herself(given_on=given_on)) == ["given_on"]


def test_a_day_before_she_was_born_is_refused(db: Session, amina: Actor, rosa: Person) -> None:
    june = child_of(db, amina, rosa, born=TODAY)

    assert faults(db, amina, june, by_carer(rosa, given_on=YESTERDAY)) == ["given_on"]


def test_the_log_says_for_what_and_how_and_never_why(
    db: Session, amina: Actor, june: Person
) -> None:
    ref = consents.record(db, amina, june.ref, judged(amina))
    recorded = last_entry(db)
    consents.withdraw(db, amina, ref, on=TODAY, reason="A private matter", version=1)
    withdrawn = last_entry(db)

    assert (recorded.action, recorded.subject) == ("consent.recorded", f"person:{june.ref}")
    assert json.loads(recorded.details) == {
        "basis": "gillick", "consent": ref, "purpose": "take_part",
    }  # fmt: skip
    assert withdrawn.action == "consent.withdrawn"
    assert json.loads(withdrawn.details) == {"consent": ref, "purpose": "take_part"}


def test_the_whole_page_of_one_person_costs_a_few_queries(
    db: Session, amina: Actor, rosa: Person, count_queries: object
) -> None:
    previous = None
    for _again in range(5):
        previous = consents.record(db, amina, rosa.ref, by_herself(after=previous))
        consents.withdraw(db, amina, previous, on=TODAY, version=1)

    with count_queries() as statements:  # type: ignore[operator]
        consent_view.history(db, amina, rosa.ref)
        consent_view.asking(db, amina, rosa.ref)

    assert len(statements) <= 6


def test_consents_are_counted_by_nobody_twice_when_a_carer_has_several_children(
    db: Session, amina: Actor, rosa: Person
) -> None:
    """Her responsibility for one child says nothing about another."""
    june = child_of(db, amina, rosa, born=FIFTEEN)
    draft = PersonDraft(kind=CHILD, first_name="Oli", last_name="Marsh", date_of_birth=FIFTEEN)
    oli = people.add_family(db, amina, [draft])[0]

    consents.record(db, amina, june.ref, by_carer(rosa))

    with pytest.raises(InvalidInputError):
        consents.record(db, amina, oli, by_carer(rosa))
    assert db.scalar(select(func.count()).select_from(Consent)) == 1
