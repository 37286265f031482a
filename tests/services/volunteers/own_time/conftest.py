"""Whom tests of a volunteer's own time begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Group, Person, Stage, Volunteer
from services.permissions import Actor
from tests.make import make_group, make_person, make_volunteer


@pytest.fixture
def earlier(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], code_name="Earlier", capacity=20)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], code_name="Craft")


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)


@pytest.fixture
def herself(db: Session, amina: Actor) -> Person:
    """Maya as a participant, under the name she had then."""
    return make_person(db, amina, "Maya", "Quill")


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Dana", "Okoro")
