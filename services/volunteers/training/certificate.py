"""A certificate of attendance, for a volunteer to keep."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Course, Training, Volunteer
from services import audit, printing
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.training import hours


def certificate(db: Session, actor: Actor, training_ref: str) -> bytes:
    """The certificate of one day of training as a PDF; each one made is written down.

    It says nothing of what the organisation's groups are about, and nothing of her beside her name.
    """
    actor.require(Permission.KEEP_TRAINING)
    query = (
        select(Training, Course.name, Volunteer, Account.display_name)
        .join(Course, Course.id == Training.course_id)
        .join(Volunteer, Volunteer.id == Training.volunteer_id)
        .join(Account, Account.id == Training.recorded_by_id)
        .where(Training.ref == training_ref, visible_volunteers(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("training")
    one, course, her, recorded_by = row
    made = printing.pdf(
        "certificate",
        {
            **printing.letterhead(db),
            "name": f"{her.first_name} {her.last_name}",
            "course": course,
            "held": f"{one.held_on.day} {one.held_on:%B %Y}",
            "hours": f"{hours.in_hours(one.minutes):g}",
            "recorded_by": recorded_by,
        },
    )
    audit.record(db, actor, "training.certificate", f"volunteer:{her.ref}", training=training_ref)
    return made
