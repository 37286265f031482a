"""Finding a volunteer and what is recorded about her checks, held for a change."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, DbsCheck, Organisation, Referee, Volunteer
from services.errors import ConflictError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.vetting.rules import Rhythm

MAX_TEXT = 2_000
Record = TypeVar("Record", DbsCheck, Referee)


def held(
    db: Session, actor: Actor, model: type[Record], ref: str, version: int
) -> tuple[Record, Volunteer]:
    """A record with its volunteer, both held until the transaction ends.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.KEEP_CHECKS)
    query = (
        select(model, Volunteer)
        .join(Volunteer, Volunteer.id == model.volunteer_id)
        .where(model.ref == ref, visible_volunteers(actor))
    )
    row = db.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError("check")
    record, her = row
    if record.version != version:
        raise ConflictError(
            "Somebody else changed this meanwhile, so your change was not made. What is there "
            "now stands in the table: look at it, and make your change again if it is still right."
        )
    return record, her


def rhythm(db: Session) -> Rhythm:
    """How long a check counts here."""
    query = select(Organisation.recheck_months, Organisation.status_months)
    return Rhythm(*db.execute(query).one())


def names(db: Session, account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Account number to name, each decrypted once."""
    wanted = set(account_ids) - {None}
    query = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return dict(db.execute(query).all())


def day_problem(day: date, today: date, earliest: date) -> str | None:
    """What is wrong with a day on which something has been done; None when nothing is."""
    if day > today:
        return "This day is still to come. Give the day it was done."
    if day < earliest:
        return f"Check the year: the earliest day is {earliest.day} {earliest:%B %Y}."
    return None
