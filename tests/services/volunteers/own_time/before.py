"""The steps that tests of a volunteer's own time share."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import Group, Person, PlacementRole, PlaceState, Volunteer
from services.permissions import Actor
from services.placing import placements, placing
from services.placing.placements import PlacementDraft
from services.placing.placing import Answer
from services.volunteers.own_time import sealed
from services.volunteers.own_time.sealed import OwnTimeDraft, Why
from tests.conftest import NOW
from tests.make import make_place

TODAY = NOW.date()
LONG_AGO = date(2025, 9, 9)


def link(db: Session, actor: Actor, volunteer: Volunteer, person: Person, **more: Any) -> None:
    draft = OwnTimeDraft(was_participant=True, person_ref=person.ref, **more)
    seen = sealed.opened(db, actor, volunteer.ref, Why.REVIEW).version
    sealed.record(db, actor, volunteer.ref, draft, version=seen)


def answer(db: Session, volunteer: Volunteer, group: Group) -> Answer:
    return placing.for_volunteer(db, volunteer, group.id, since=TODAY)


def place(db: Session, actor: Actor, volunteer: Volunteer, group: Group, despite: str = "") -> str:
    draft = PlacementDraft(
        volunteer_ref=volunteer.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
        starts_on=TODAY, despite=despite,
    )  # fmt: skip
    return placements.place(db, actor, draft)


def been(
    db: Session, actor: Actor, group: Group, person: Person,
    joined: date = LONG_AGO, left: date = LONG_AGO + timedelta(weeks=8),
) -> None:  # fmt: skip
    """A place she had and completed, some time ago."""
    had = make_place(db, actor, group, person)
    had.state, had.joined_on, had.left_on = PlaceState.COMPLETED, joined, left
    db.flush()
