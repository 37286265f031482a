"""Whom tests of safe contact begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Person
from services.permissions import Actor
from tests.make import make_person


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    """Somebody of whom nothing is known but her name."""
    return make_person(db, amina)
