"""Groups that past attendance is brought into."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupState
from services.permissions import Actor
from tests.make import make_group, make_person
from tests.services.imports.past import BORN


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group, of which three sessions are past."""
    return make_group(db, amina, [ben], first_day=date(2026, 9, 1))


@pytest.fixture
def past(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that is over."""
    made = make_group(db, amina, [ben], first_day=date(2026, 1, 6), code_name="Winter craft")
    made.state = GroupState.FINISHED
    db.flush()
    return made


@pytest.fixture
def dana(db: Session, amina: Actor) -> str:
    return make_person(db, amina, date_of_birth=BORN).ref
