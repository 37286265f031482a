"""Schools and workers around a family."""

import pytest
from sqlalchemy.orm import Session

from models import Person, ProfessionalKind
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import people, professionals
from services.people.professionals import ProfessionalDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place

SCHOOL = ProfessionalDraft(
    kind=ProfessionalKind.SCHOOL,
    organisation=" Bramble Primary ",
    name="Ms Fern",
    phone="01632 960123",
    email="office@example.org",
)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


@pytest.fixture
def family(db: Session, amina: Actor, dana: Person) -> str:
    """Dana's family, by reference."""
    return people.summary(db, amina, dana.ref).family_ref


def test_a_school_is_added_changed_and_removed(db: Session, amina: Actor, family: str) -> None:
    ref = professionals.add(db, amina, family, SCHOOL)
    (row,) = professionals.around(db, amina, family).to_dict("records")
    assert (row["ref"], row["kind"], row["organisation"]) == (ref, "school", "Bramble Primary")

    nurse = ProfessionalDraft(kind=ProfessionalKind.HEALTH, name="Mr Moss")
    professionals.change(db, amina, ref, nurse, version=1)
    (row,) = professionals.around(db, amina, family).to_dict("records")
    assert (row["kind"], row["organisation"], row["name"]) == ("health", None, "Mr Moss")

    professionals.remove(db, amina, ref, version=2)
    assert professionals.around(db, amina, family).empty


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "organisation"),
        ({"organisation": " ", "name": " "}, "organisation"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Ms Fern", "phone": "ask her"}, "phone"),
        ({"name": "Ms Fern", "email": "@"}, "email"),
        ({"name": "Ms Fern", "note": "x" * 501}, "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, family: str, more: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        professionals.add(db, amina, family, ProfessionalDraft(kind=ProfessionalKind.OTHER, **more))
    assert list(refused.value.problems) == [field]


def test_of_two_who_change_one_the_second_is_told(db: Session, amina: Actor, family: str) -> None:
    ref = professionals.add(db, amina, family, SCHOOL)
    nurse = ProfessionalDraft(kind=ProfessionalKind.HEALTH, name="Mr Moss")
    professionals.change(db, amina, ref, nurse, version=1)

    with pytest.raises(ConflictError):
        professionals.change(db, amina, ref, SCHOOL, version=1)
    with pytest.raises(ConflictError):
        professionals.remove(db, amina, ref, version=1)


def test_a_facilitator_sees_them_around_her_own_people_only(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Person, family: str
) -> None:
    professionals.add(db, amina, family, SCHOOL)
    make_place(db, amina, make_group(db, amina, [ben]), dana)

    assert len(professionals.around(db, ben, family)) == 1
    assert professionals.around(db, chloe, family).empty
    with pytest.raises(NotPermittedError):
        professionals.add(db, ben, family, SCHOOL)


@pytest.mark.parametrize("stranger", ["leila", "ada", "vik", "erin"])
def test_other_roles_neither_see_nor_keep_them(
    db: Session, amina: Actor, family: str, stranger: str, request: pytest.FixtureRequest
) -> None:
    ref = professionals.add(db, amina, family, SCHOOL)
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: professionals.around(db, actor, family),
        lambda: professionals.add(db, actor, family, SCHOOL),
        lambda: professionals.change(db, actor, ref, SCHOOL, version=1),
        lambda: professionals.remove(db, actor, ref, version=1),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_an_unknown_family_or_entry_is_not_found(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        professionals.add(db, amina, "nothing", SCHOOL)
    with pytest.raises(NotFoundError):
        professionals.remove(db, amina, "nothing", version=1)
