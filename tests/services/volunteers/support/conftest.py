"""Whom tests of supervision begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Role, Stage, Volunteer
from services.permissions import Actor
from tests.make import make_actor, make_volunteer
from tests.services.volunteers.support.meetings import name


@pytest.fixture
def zora(db: Session) -> Actor:
    """A second coordinator."""
    return make_actor(db, "zora", Role.COORDINATOR)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """An active volunteer without a supervisor."""
    return make_volunteer(db, amina, stage=Stage.ACTIVE)


@pytest.fixture
def supervised(db: Session, amina: Actor, maya: Volunteer) -> Volunteer:
    """The same, supervised by Amina."""
    name(db, amina, maya, amina)
    return maya
