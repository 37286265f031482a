"""A group and two volunteers whom most tests of the rota begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Group, Person, Volunteer
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.services.volunteers.shifts import FIRST, seasoned


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that begins next week."""
    return make_group(db, amina, [ben], first_day=FIRST)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def ines(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Ines", "Marsh")


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Person:
    """A participant with a place in the group."""
    dana = make_person(db, amina)
    make_place(db, amina, craft, dana)
    return dana
