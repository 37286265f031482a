"""A volunteer with an account of her own."""

from datetime import date

from sqlalchemy.orm import Session

from models import Group, PlacementRole, Role, Volunteer, VolunteerSupport
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from tests.make import make_actor

TODAY = date(2026, 9, 16)


def joined(
    db: Session, volunteer: Volunteer, username: str, supervisor: Actor | None = None
) -> Actor:
    """An account of her own, joined to her record."""
    own = make_actor(db, username, Role.VOLUNTEER)
    db.add(
        VolunteerSupport(
            volunteer_id=volunteer.id,
            own_account_id=own.account_id,
            supervisor_id=supervisor.account_id if supervisor else None,
        )
    )
    db.flush()
    return own


def place(db: Session, amina: Actor, volunteer: Volunteer, group: Group) -> None:
    placements.place(
        db,
        amina,
        PlacementDraft(
            volunteer_ref=volunteer.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
            starts_on=TODAY,
        ),
    )  # fmt: skip
