"""A volunteer with an account of her own, and groups to come to."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import Group, Volunteer
from services.permissions import Actor
from tests.make import make_group, session_of
from tests.services.volunteers.herself.account import TODAY, joined
from tests.services.volunteers.shifts import seasoned


@pytest.fixture
def here(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that meets for the first time this afternoon."""
    group = make_group(db, amina, [ben], code_name="Owl", first_day=TODAY)
    first = session_of(db, group)
    first.starts_at += timedelta(hours=5)
    first.ends_at += timedelta(hours=5)
    db.flush()
    return group


@pytest.fixture
def volunteer(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def maya(db: Session, amina: Actor, volunteer: Volunteer) -> Actor:
    """Maya's own account; Amina supervises her."""
    return joined(db, volunteer, "maya", amina)


@pytest.fixture
def ines(db: Session, amina: Actor) -> Actor:
    """Another volunteer's account: the stranger."""
    return joined(db, seasoned(db, amina, "Ines", "Marsh"), "ines", amina)
