"""Somebody who is here already is noticed at entry, by those who may see her."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import ContactRoute, Person, Route
from services import search
from services.errors import NotPermittedError
from services.merging import duplicates
from services.merging.likeness import Known, likeness
from services.permissions import Actor
from tests.make import make_group, make_person, make_place

BORN = date(1987, 3, 2)


def found(db: Session, actor: Actor, first: str, last: str, **more: object) -> list[object]:
    """Names and reasons, the most likely first."""
    given = duplicates.candidates(db, actor, first_name=first, last_name=last, **more)  # type: ignore[arg-type]
    return [(one.name, one.reasons) for one in given]


@pytest.fixture
def ayesha(db: Session, amina: Actor) -> Person:
    person = make_person(db, amina, "Ayesha", "Qureshi", date_of_birth=BORN)
    make_person(db, amina, "Ayesha", "Featherlane", date_of_birth=date(1999, 9, 9))
    return person


@pytest.mark.parametrize(
    ("first", "last", "born", "reasons"),
    [
        ("Ayesha", "Qureshi", BORN, ("same date of birth", "same name")),
        ("Aisha", "Koreshi", None, ("first name sounds alike", "last name sounds alike")),
        ("Aisha", "Toppin", BORN, ("same date of birth", "first name sounds alike")),
        ("Someone", "Kureshi", BORN, ("same date of birth", "last name sounds alike")),
        ("Someone", "Featherlane", BORN, ()),
        ("Ayetha", "Qureshi", None, ("first name spelt much alike", "same last name")),
        ("Ayesha", "Qurebhi", None, ("same first name", "last name spelt much alike")),
        # Neither one slip in each name nor one beside another birthday.
        ("Ayetha", "Qurebhi", None, ()),
        ("Ayetha", "Qureshi", date(1999, 9, 9), ()),
        (
            "Ayesha", "Qureshi", date(1987, 2, 3),
            ("day and month of birth the other way round", "same name"),
        ),
        ("Ayesha", "Qureshi", date(1978, 3, 2), ("date of birth differs in one part", "same name")),
    ],
)  # fmt: skip
def test_somebody_who_is_here_already_is_noticed_with_the_reasons(
    db: Session,
    amina: Actor,
    ayesha: Person,
    first: str,
    last: str,
    born: date | None,
    reasons: tuple[str, ...],
) -> None:
    expected = [("Ayesha Qureshi", reasons)] if reasons else []
    assert found(db, amina, first, last, date_of_birth=born) == expected


def test_one_telephone_and_one_name_are_noticed(db: Session, amina: Actor, ayesha: Person) -> None:
    db.add(ContactRoute(person_id=ayesha.id, route=Route.CALL, address="07700 900 417"))
    search.reindex(db, ayesha.id)

    given = found(db, amina, "Ayesha", "Toppin", phone="+447700900417")

    assert given == [("Ayesha Qureshi", ("same first name", "same telephone"))]


def test_nobody_is_named_whom_the_reader_may_not_see(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, ayesha: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), ayesha)

    assert len(found(db, ben, "Aisha", "Qureshi")) == 1
    assert found(db, chloe, "Aisha", "Qureshi") == []


@pytest.mark.parametrize("who", ["leila", "ada", "vik", "erin"])
def test_others_may_not_ask(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermittedError):
        found(db, request.getfixturevalue(who), "Aisha", "Qureshi")


def test_asking_costs_as_much_among_many_as_among_few(
    db: Session, amina: Actor, ayesha: Person, count_queries: Callable[[], object]
) -> None:
    for number in range(5):
        make_person(db, amina, "Aisha", "Qureshi", date_of_birth=date(1980, 1, number + 1))

    with count_queries() as statements:  # type: ignore[attr-defined]
        found(db, amina, "Aisha", "Qureshi", date_of_birth=BORN, phone="07700900417")

    assert len(statements) == 5


@pytest.mark.parametrize("name", ["", " ", "?", "李", "x" * 5_000])
def test_a_name_of_hardly_anything_finds_nobody(db: Session, amina: Actor, name: str) -> None:
    make_person(db, amina)
    assert found(db, amina, name, name) == []


def test_a_record_is_wholly_like_itself() -> None:
    one = Known(first_names=("Zoë", "Bee"), last_name="Łuczak", born=BORN)
    assert likeness(one, one).score == 100
