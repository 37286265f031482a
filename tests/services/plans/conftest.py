"""A family whom tests of plans begin with."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person, PersonKind
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    """A mother."""
    return make_person(db, amina, "Rosa", "Marsh")


@pytest.fixture
def june(db: Session, amina: Actor, rosa: Person) -> Person:
    """Her daughter."""
    summary = people.summary(db, amina, rosa.ref)
    draft = PersonDraft(kind=PersonKind.CHILD, first_name="June", last_name="Marsh")
    ref = people.add_to_family(db, amina, summary.family_ref, draft)
    return db.scalars(select(Person).where(Person.ref == ref)).one()


@pytest.fixture
def bens(db: Session, amina: Actor, ben: Actor, rosa: Person) -> None:
    """Rosa has a place in a group of Ben's; June has not."""
    make_place(db, amina, make_group(db, amina, [ben]), rosa)
