"""A volunteer's own training: what she has, until when it counts, and what a role needs."""

from sqlalchemy.orm import Session

from services.permissions import Actor, Permission
from services.volunteers.herself.record import find
from services.volunteers.training.standing import Taken, taken_by


def mine(db: Session, actor: Actor) -> Taken:
    """Her training, the latest first."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return taken_by(db, find(db, actor).id)
