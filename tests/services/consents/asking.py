"""Whom tests of consents ask, and the words they answer with."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Agency, Basis, Kinship, Person, PersonKind, Purpose, Relation
from services.consents import consent_view, consents
from services.consents.consents import ConsentDraft, holds
from services.errors import InvalidInputError
from services.permissions import Actor
from tests.make import make_person

TODAY = date(2026, 9, 16)
YESTERDAY = TODAY - timedelta(days=1)
FIFTEEN, SIXTEEN = date(2010, 9, 17), date(2010, 9, 16)  # tomorrow she is 16; today she is
CHILD = PersonKind.CHILD


def make_agency(db: Session, name: str) -> Agency:
    agency = Agency(name=name, kind="police")
    db.add(agency)
    db.flush()
    return agency


def child_of(
    db: Session, actor: Actor, parent: Person, *, born: date | None, responsible: bool = True
) -> Person:
    child = make_person(db, actor, "June", "Marsh", kind=CHILD, date_of_birth=born)
    kinship = Kinship(
        person_id=parent.id,
        relative_id=child.id,
        relation=Relation.MOTHER,
        has_responsibility=responsible,
    )
    db.add(kinship)
    db.flush()
    return child


def by_herself(purpose: Purpose = Purpose.TAKE_PART, **more: object) -> ConsentDraft:
    values: dict[str, object] = {"basis": Basis.SELF, "given_on": TODAY}
    return ConsentDraft(purpose=purpose, **(values | more))  # type: ignore[arg-type]


def by_carer(carer: Person, **more: object) -> ConsentDraft:
    return by_herself(basis=Basis.RESPONSIBILITY, given_by_ref=carer.ref, **more)


def judged(judge: Actor, **more: object) -> ConsentDraft:
    values: dict[str, object] = {
        "basis": Basis.GILLICK,
        "judged_by_ref": judge.ref,
        "judged_on": TODAY,
        "judgement": "She told me what it is for and that she can stop.",
    }
    return by_herself(**(values | more))  # type: ignore[arg-type]


def stands(db: Session, person: Person, purpose: Purpose = Purpose.TAKE_PART) -> bool:
    return person.id in holds(db, [person.id], purpose)


def faults(db: Session, actor: Actor, person: Person, draft: ConsentDraft) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        consents.record(db, actor, person.ref, draft)
    return list(refused.value.problems)


def refs(db: Session, actor: Actor, person: Person) -> list[str]:
    return consent_view.history(db, actor, person.ref)["consent"].tolist()
