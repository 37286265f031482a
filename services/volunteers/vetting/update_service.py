"""The DBS Update Service: joining it, and what asking for the status of a check says."""

import enum
from datetime import date

from sqlalchemy.orm import Session

from models import DbsCheck
from services import audit, clock
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.vetting.dbs import EARLIEST, joining_problem
from services.volunteers.vetting.finding import day_problem, held


class Answer(enum.Enum):
    """What a status check says: it never says what is new."""

    NOTHING_NEW = "nothing_new"
    SOMETHING_NEW = "something_new"
    NOT_THERE = "not_there"  # she is no longer with the Update Service


def join(db: Session, actor: Actor, check_ref: str, *, on: date, version: int) -> None:
    """Note that she has joined with this certificate; from now on its status is asked yearly."""
    actor.require(Permission.KEEP_CHECKS)
    one, her = held(db, actor, DbsCheck, check_ref, version)
    if one.issued_on is None:
        raise InvalidInputError({"check": "Note first that you have seen the certificate."})
    if one.update_service_on is not None:
        raise InvalidInputError({"check": "She has joined with it already. Ask its status below."})
    if problem := joining_problem(on, one.issued_on, clock.today()):
        raise InvalidInputError({"on": problem})
    one.update_service_on = on
    audit.record(db, actor, "dbs.joined", f"volunteer:{her.ref}", check=one.ref)


def note_status(
    db: Session, actor: Actor, check_ref: str, answer: Answer, *, on: date, version: int
) -> None:
    """Note what the Update Service said. Something new ends the check: she needs another one."""
    actor.require(Permission.KEEP_CHECKS)
    one, her = held(db, actor, DbsCheck, check_ref, version)
    if one.update_service_on is None or one.issued_on is None:
        raise InvalidInputError({"check": "She is not with the Update Service with this check."})
    earliest = max(filter(None, (EARLIEST, one.issued_on, one.status_on)))
    if problem := day_problem(on, clock.today(), earliest):
        raise InvalidInputError({"on": problem})
    if answer is Answer.NOTHING_NEW:
        one.status_on = one.counts_from = on
    elif answer is Answer.SOMETHING_NEW:
        one.changed_on = on
    else:
        one.update_service_on, one.counts_from = None, one.issued_on
    audit.record(
        db, actor, "dbs.status", f"volunteer:{her.ref}", check=one.ref, answer=answer.value
    )
