"""Whom tests of consents begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Agency, Person
from services.permissions import Actor
from tests.make import make_person
from tests.services.consents.asking import FIFTEEN, child_of, make_agency


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    """A mother."""
    return make_person(db, amina, "Rosa", "Marsh")


@pytest.fixture
def june(db: Session, amina: Actor, rosa: Person) -> Person:
    """Rosa's daughter, for whom she is responsible; tomorrow she is 16."""
    return child_of(db, amina, rosa, born=FIFTEEN)


@pytest.fixture
def police(db: Session) -> Agency:
    return make_agency(db, "Riverside Police")
