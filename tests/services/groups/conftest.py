"""What tests of changing a schedule begin with."""

import pytest
from sqlalchemy.orm import Session

from models import (
    Group,
)
from services.permissions import Actor
from tests.make import make_group
from tests.services.groups.craft import FIRST


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Twelve Tuesdays of Ben's, the first of them yesterday; nobody is marked yet."""
    return make_group(db, amina, [ben], first_day=FIRST)
