"""When a volunteer can come, as her coordinator keeps it: weekly hours, days away, more hours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AvailabilityException, Volunteer
from services import clock
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.availability import keeping
from services.volunteers.availability.facts import as_exception
from services.volunteers.availability.hours import Extra, Hours
from services.volunteers.availability.keeping import WEEKDAYS, said
from services.volunteers.finding import find_volunteer

__all__ = ["WEEKDAYS", "said"]
MOST = 50


@dataclass(frozen=True, slots=True)
class HoursView:
    """Hours she can usually come, and exceptions: ref, first, last, hours (in words; empty while
    she is away)."""

    hours: tuple[Hours, ...]
    exceptions: pd.DataFrame


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> HoursView:
    """A volunteer's hours in order, and her exceptions now and to come."""
    actor.require(Permission.READ_VOLUNTEERS)
    return hours_view(db, find_volunteer(db, actor, volunteer_ref))


def hours_view(db: Session, volunteer: Volunteer) -> HoursView:
    """The same of one who was found. A step of other services, which have asked."""
    query = (
        select(AvailabilityException)
        .where(
            AvailabilityException.volunteer_id == volunteer.id,
            AvailabilityException.ends_on >= clock.today(),
        )
        .order_by(AvailabilityException.starts_on, AvailabilityException.id)
        .limit(MOST)
    )
    rows = [(one.ref, one.starts_on, one.ends_on, _more(one)) for one in db.scalars(query)]
    columns = ["ref", "first", "last", "hours"]
    return HoursView(keeping.hours_of(db, volunteer), pd.DataFrame(rows, columns=columns))


def add_hours(
    db: Session,
    actor: Actor,
    volunteer_ref: str,
    *,
    weekdays: Collection[int],
    starts: time,
    ends: time,
) -> None:
    """Keep hours of one or several weekdays. Raises InvalidInputError where she has them already,
    and then keeps none of them."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    keeping.add_hours(db, volunteer, actor, weekdays=weekdays, starts=starts, ends=ends)


def remove_hours(db: Session, actor: Actor, volunteer_ref: str, gone: Hours) -> None:
    """Take hours of one weekday out."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    keeping.remove_hours(db, volunteer, actor, gone)


def add_away(db: Session, actor: Actor, volunteer_ref: str, *, first: date, last: date) -> str:
    """Keep days on which she cannot come, and give back the exception's reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    return keeping.add_away(db, volunteer, actor, first=first, last=last)


def add_extra(
    db: Session, actor: Actor, volunteer_ref: str, *, on: date, starts: time, ends: time
) -> str:
    """Keep more hours on one day, and give back the exception's reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    return keeping.add_extra(db, volunteer, actor, on=on, starts=starts, ends=ends)


def remove_exception(db: Session, actor: Actor, exception_ref: str) -> None:
    """Take days away or more hours out again."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    query = (
        select(AvailabilityException, Volunteer)
        .join(Volunteer, Volunteer.id == AvailabilityException.volunteer_id)
        .where(AvailabilityException.ref == exception_ref, visible_volunteers(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("exception")
    kept, volunteer = row
    keeping.remove_exception(db, volunteer, actor, kept)


def _more(one: AvailabilityException) -> str:
    extra = as_exception(one)
    if not isinstance(extra, Extra):
        return ""
    return said(Hours(extra.on.weekday(), extra.starts, extra.ends))
