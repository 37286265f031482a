"""What tests of groups begin with."""

import pytest
from sqlalchemy.orm import Session

from models import Group, Role
from services.db import transaction
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_pair
from tests.services.groups.craft import FIRST


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Twelve Tuesdays of Ben's, the first of them yesterday; nobody is marked yet."""
    return make_group(db, amina, [ben], first_day=FIRST)


@pytest.fixture
def boats(db: Session, amina: Actor, ben: Actor, chloe: Actor) -> tuple[Group, Group]:
    """Ten Tuesdays from next week on: Ben has the parents, Chloe the children."""
    return make_pair(db, amina, ben, chloe)


@pytest.fixture
def house(database: str, time_stands_still: Clock) -> dict[str, Actor]:
    """A coordinator and two facilitators, ready for several transactions of their own."""
    with transaction() as db:
        return {
            "amina": make_actor(db, "amina", Role.COORDINATOR),
            "ben": make_actor(db, "ben", Role.FACILITATOR),
            "chloe": make_actor(db, "chloe", Role.FACILITATOR),
        }
