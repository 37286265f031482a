"""Whom tests of checks begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Stage, Volunteer
from services.permissions import Actor
from tests.make import make_volunteer


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """A volunteer whose checks are being done."""
    return make_volunteer(db, amina, stage=Stage.CHECKS)
