"""When a volunteer can come and what she would like, as she keeps it herself."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AvailabilityException
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.volunteers.availability import changes, keeping, wishes
from services.volunteers.availability.changes import HoursView
from services.volunteers.availability.hours import Hours
from services.volunteers.availability.wishes import WishesDraft, WishesView
from services.volunteers.herself.record import find


def mine(db: Session, actor: Actor) -> HoursView:
    """Her hours in order, and her exceptions now and to come."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return changes.hours_view(db, find(db, actor))


def add_hours(
    db: Session, actor: Actor, *, weekdays: Collection[int], starts: time, ends: time
) -> None:
    """Keep hours of one or several weekdays."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    keeping.add_hours(db, volunteer, actor, weekdays=weekdays, starts=starts, ends=ends)


def remove_hours(db: Session, actor: Actor, gone: Hours) -> None:
    """Take hours of one weekday out."""
    actor.require(Permission.OWN_VOLUNTEERING)
    keeping.remove_hours(db, find(db, actor, lock=True), actor, gone)


def add_away(db: Session, actor: Actor, *, first: date, last: date) -> str:
    """Keep days on which she cannot come, and give back the exception's reference."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return keeping.add_away(db, find(db, actor, lock=True), actor, first=first, last=last)


def add_extra(db: Session, actor: Actor, *, on: date, starts: time, ends: time) -> str:
    """Keep more hours on one day, and give back the exception's reference."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    return keeping.add_extra(db, volunteer, actor, on=on, starts=starts, ends=ends)


def remove_exception(db: Session, actor: Actor, exception_ref: str) -> None:
    """Take days away or more hours out again; somebody else's are not there."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    query = select(AvailabilityException).where(
        AvailabilityException.ref == exception_ref,
        AvailabilityException.volunteer_id == volunteer.id,
    )
    kept = db.scalar(query)
    if kept is None:
        raise NotFoundError("exception")
    keeping.remove_exception(db, volunteer, actor, kept)


def my_wishes(db: Session, actor: Actor) -> WishesView:
    """What she would like; the usual where she has said nothing."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return wishes.wishes_view(db, find(db, actor))


def save_wishes(db: Session, actor: Actor, draft: WishesDraft, *, version: int) -> None:
    """Keep what she would like.

    How many groups at once and how long between them stay as her coordinator agreed with her:
    they keep her from taking on too much, so they are not hers alone to loosen.
    """
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    agreed = wishes.wishes_view(db, volunteer).kept
    draft = replace(draft, groups_at_once=agreed.groups_at_once, weeks_between=agreed.weeks_between)
    wishes.keep(db, volunteer, actor, draft, version=version)
