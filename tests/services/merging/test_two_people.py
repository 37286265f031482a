"""Likely pairs of records, and the note that two of them are two people's."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Family, Person, Role, TwoPeople
from services.errors import NotFoundError, NotPermittedError
from services.merging import two_people
from services.merging.likely_pairs import likely_pairs
from services.people import record_locks
from services.permissions import Actor
from tests.make import make_actor, make_person

BORN = date(1987, 3, 2)


@pytest.fixture
def pair(db: Session, amina: Actor) -> tuple[Person, Person]:
    """Two records that look like one person's."""
    one = make_person(db, amina, "Ayesha", "Qureshi", date_of_birth=BORN)
    return one, make_person(db, amina, "Aisha", "Kureshi", date_of_birth=BORN)


def offered(db: Session, actor: Actor) -> list[tuple[str, str]]:
    return [(found.one.name, found.other.name) for found in likely_pairs(db, actor).pairs]


def test_a_likely_pair_is_offered_the_older_record_first(
    db: Session, amina: Actor, pair: tuple[Person, Person]
) -> None:
    make_person(db, amina, "Wanda", "Featherlane", date_of_birth=BORN)

    assert offered(db, amina) == [("Ayesha Qureshi", "Aisha Kureshi")]


def test_sisters_born_on_one_day_are_two(
    db: Session, amina: Actor, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    other.first_name, other.last_name, other.family_id = "Amara", "Qureshi", one.family_id
    db.flush()

    assert offered(db, amina) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_pair_noted_as_two_people_is_not_offered_again_until_taken_back(
    db: Session, amina: Actor, pair: tuple[Person, Person], order: tuple[int, int]
) -> None:
    one, other = (pair[index].ref for index in order)
    two_people.note(db, amina, one, other)
    two_people.note(db, amina, other, one)

    assert offered(db, amina) == []
    (row,) = two_people.noted(db, amina).to_dict("records")
    assert (row["one"], row["other"], row["by"]) == ("Ayesha Qureshi", "Aisha Kureshi", "Amina")

    two_people.take_back(db, amina, one, other)

    assert offered(db, amina) == [("Ayesha Qureshi", "Aisha Kureshi")]
    actions = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["people.told_apart", "people.told_apart_undone"]
    with pytest.raises(NotFoundError):
        two_people.take_back(db, amina, one, other)


def test_a_third_record_is_still_offered_with_each(
    db: Session, amina: Actor, pair: tuple[Person, Person]
) -> None:
    make_person(db, amina, "Ayesha", "Kureshi", date_of_birth=BORN)

    two_people.note(db, amina, pair[0].ref, pair[1].ref)

    assert len(offered(db, amina)) == 2


def test_nobody_learns_of_a_record_she_is_kept_out_of(
    db: Session, amina: Actor, pair: tuple[Person, Person]
) -> None:
    zora = make_actor(db, "zora", Role.COORDINATOR)
    two_people.note(db, amina, pair[0].ref, pair[1].ref)
    record_locks.keep_out(db, amina, pair[1].ref, zora.ref, reason="They are neighbours.")

    assert two_people.noted(db, zora).empty
    assert offered(db, zora) == []
    with pytest.raises(NotFoundError):
        two_people.note(db, zora, pair[0].ref, pair[1].ref)


def test_one_record_is_not_two(db: Session, amina: Actor, pair: tuple[Person, Person]) -> None:
    with pytest.raises(NotFoundError):
        two_people.note(db, amina, pair[0].ref, pair[0].ref)


def test_only_who_joins_records_tells_them_apart(
    db: Session, ben: Actor, leila: Actor, ada: Actor, vik: Actor, erin: Actor
) -> None:
    for actor in (ben, leila, ada, vik, erin):
        for ask in (two_people.note, two_people.take_back):
            with pytest.raises(NotPermittedError):
                ask(db, actor, "one", "other")
        with pytest.raises(NotPermittedError):
            two_people.noted(db, actor)
        with pytest.raises(NotPermittedError):
            likely_pairs(db, actor)


def test_a_note_goes_with_the_record_it_is_about(
    db: Session, amina: Actor, pair: tuple[Person, Person]
) -> None:
    two_people.note(db, amina, pair[0].ref, pair[1].ref)
    family = pair[1].family_id
    db.delete(pair[1])
    db.flush()
    db.delete(db.get_one(Family, family))
    db.flush()

    assert db.scalar(select(TwoPeople.id)) is None
