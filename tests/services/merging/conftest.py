"""Two records of one person."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group, Person
from services.permissions import Actor
from tests.make import make_group, make_person


@pytest.fixture
def kept(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Ayesha", "Qureshi", date_of_birth=date(1987, 3, 2))


@pytest.fixture
def gone(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Aisha", "Kureshi", access_needs="A lift", alert="Court")


@pytest.fixture
def two_groups(db: Session, amina: Actor, ben: Actor, chloe: Actor) -> list[Group]:
    """One for each record: both in one group would stand in the way."""
    return [make_group(db, amina, [who], code_name=who.name) for who in (ben, chloe)]
