"""The one volunteer a reference names, for whatever is kept about her."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Volunteer
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers


def find_volunteer(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Volunteer:
    """The volunteer behind a reference, held until the transaction ends if asked: of two changes
    the second sees the first. A step of other services, which have asked."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = select(Volunteer).where(Volunteer.ref == ref, visible_volunteers(actor))
    volunteer = db.scalar(query.with_for_update() if lock else query)
    if volunteer is None:
        raise NotFoundError("volunteer")
    return volunteer
