"""A group whose sessions are in a feed."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group
from services.calendar import calendar_feeds
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.services.calendar.feeds import Reader, token_of


@pytest.fixture
def reader(db: Session) -> Callable[..., Reader]:
    """`reader(ben)`: an address Ben has just made, read by a calendar."""

    def follow(actor: Actor, **choices: bool) -> Reader:
        return Reader(db, token_of(calendar_feeds.make(db, actor, **choices)))

    return follow


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's over the clock change, with a venue and a participant."""
    group = make_group(db, amina, [ben], first_day=date(2026, 10, 20))
    group.venue, group.online_link = "Weaver Hall", "https://meet.example/abc"
    make_place(db, amina, group, make_person(db, amina, "Zsofia", "Quillfeather"))
    db.flush()
    return group
