"""That she may volunteer here: seen by somebody, and until when it counts."""

from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from models import RightToVolunteer, new_ref
from services import audit, clock
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.vetting.finding import day_problem

_LONGEST = relativedelta(years=50)
_FURTHEST_BACK = relativedelta(years=20)


def see(
    db: Session, actor: Actor, volunteer_ref: str, *, seen_on: date, valid_until: date | None
) -> str:
    """Note that the actor has seen her right to volunteer; None counts for good.

    A copy is not kept, so the day and the name of who saw it are.
    """
    actor.require(Permission.KEEP_CHECKS)
    problems: dict[str, str] = {}
    today = clock.today()
    if problem := day_problem(seen_on, today, today - _FURTHEST_BACK):
        problems["seen_on"] = problem
    if valid_until is not None and not seen_on < valid_until <= today + _LONGEST:
        problems["valid_until"] = (
            "Give a day after the one on which it was seen, or leave it empty if it has no end."
        )
    if problems:
        raise InvalidInputError(problems)
    her = find_volunteer(db, actor, volunteer_ref)
    one = RightToVolunteer(
        ref=new_ref(),
        volunteer_id=her.id,
        seen_on=seen_on,
        seen_by_id=actor.account_id,
        valid_until=valid_until,
    )
    db.add(one)
    audit.record(db, actor, "right.seen", f"volunteer:{her.ref}", right=one.ref)
    return one.ref
