"""A session of yesterday that participants are asked about."""

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupSession
from services import feedback
from services.permissions import Actor
from tests.make import make_group, session_of


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def held(db: Session, group: Group) -> GroupSession:
    """The session of Tuesday 15 September, 10am: yesterday."""
    return session_of(db, group, 2)


@pytest.fixture
def token(db: Session, ben: Actor, held: GroupSession) -> str:
    return feedback.open_link(db, ben, held.ref).path.removeprefix("/f/")
