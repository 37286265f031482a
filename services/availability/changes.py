"""Keeping when a volunteer can come: weekly hours, days away, more hours on one day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

import pandas as pd
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import AvailabilityException, Volunteer, WeeklyHours, new_ref
from services import audit, clock
from services.availability.facts import as_exception
from services.availability.hours import Extra, Hours, as_time, minutes, overlapping
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission, visible_volunteers

MOST = 50
LONGEST = timedelta(days=366)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TURNED = "Choose an end after the start; for the end of the day choose midnight."


@dataclass(frozen=True, slots=True)
class HoursView:
    """Hours she can usually come, and exceptions: ref, first, last, hours (in words; empty while
    she is away)."""

    hours: tuple[Hours, ...]
    exceptions: pd.DataFrame


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> HoursView:
    """A volunteer's hours in order, and her exceptions now and to come."""
    actor.require(Permission.READ_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref)
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
    return HoursView(_hours(db, volunteer), pd.DataFrame(rows, columns=columns))


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
    begins, stops = _span(starts, ends)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise InvalidInputError({"weekdays": "Choose at least one weekday."})
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    new = [Hours(weekday, begins, stops) for weekday in sorted(set(weekdays))]
    _refuse_shared(_hours(db, volunteer), new)
    db.add_all(
        WeeklyHours(
            volunteer_id=volunteer.id, weekday=one.weekday, starts=one.starts, ends=one.ends
        )
        for one in new
    )
    audit.record(db, actor, "availability.hours_added", f"volunteer:{volunteer_ref}")


def remove_hours(db: Session, actor: Actor, volunteer_ref: str, gone: Hours) -> None:
    """Take hours of one weekday out."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    if gone not in _hours(db, volunteer):
        raise ConflictError("Somebody else has changed these hours. Look at them again here.")
    db.execute(
        delete(WeeklyHours).where(
            WeeklyHours.volunteer_id == volunteer.id,
            WeeklyHours.weekday == gone.weekday,
            WeeklyHours.starts == gone.starts,
        )
    )
    audit.record(db, actor, "availability.hours_removed", f"volunteer:{volunteer_ref}")


def add_away(db: Session, actor: Actor, volunteer_ref: str, *, first: date, last: date) -> str:
    """Keep days on which she cannot come, and give back the exception's reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    if last < max(first, clock.today()):
        raise InvalidInputError({"last": "Choose a last day from today on, not before the first."})
    if last - first > LONGEST:
        raise InvalidInputError({"last": "Choose a last day within a year of the first."})
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    for one in _exceptions(db, volunteer, first, last):
        if one.starts is None:
            says = f"She is away {_days(one)} already. Take that out first, or choose other days."
            raise InvalidInputError({"first": says})
    kept = AvailabilityException(
        ref=new_ref(), volunteer_id=volunteer.id, starts_on=first, ends_on=last
    )
    db.add(kept)
    audit.record(
        db, actor, "availability.away_added", f"volunteer:{volunteer_ref}", exception=kept.ref
    )
    return kept.ref


def add_extra(
    db: Session, actor: Actor, volunteer_ref: str, *, on: date, starts: time, ends: time
) -> str:
    """Keep more hours on one day, and give back the exception's reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    begins, stops = _span(starts, ends)
    if not clock.today() <= on <= clock.today() + LONGEST:
        raise InvalidInputError({"on": "Choose a day from today on, within a year."})
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    new = Hours(on.weekday(), begins, stops)
    _refuse_double(new, on, _hours(db, volunteer), _exceptions(db, volunteer, on, on))
    kept = AvailabilityException(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        starts_on=on,
        ends_on=on,
        starts=begins,
        ends=stops,
    )
    db.add(kept)
    audit.record(
        db, actor, "availability.extra_added", f"volunteer:{volunteer_ref}", exception=kept.ref
    )
    return kept.ref


def remove_exception(db: Session, actor: Actor, exception_ref: str) -> None:
    """Take days away or more hours out again."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    query = (
        select(AvailabilityException, Volunteer.ref)
        .join(Volunteer, Volunteer.id == AvailabilityException.volunteer_id)
        .where(AvailabilityException.ref == exception_ref, visible_volunteers(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("exception")
    kept, volunteer_ref = row
    db.delete(kept)
    audit.record(
        db, actor, "availability.exception_removed", f"volunteer:{volunteer_ref}",
        exception=exception_ref,
    )  # fmt: skip


def said(hours: Hours) -> str:
    """From when to when: from 10am to 12pm."""
    return f"from {clock.spoken(as_time(hours.starts))} to {_end(hours.ends)}"


def find_volunteer(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Volunteer:
    """The volunteer behind a reference. A step of other services, which have asked."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = select(Volunteer).where(Volunteer.ref == ref, visible_volunteers(actor))
    volunteer = db.scalar(query.with_for_update() if lock else query)
    if volunteer is None:
        raise NotFoundError("volunteer")
    return volunteer


def _refuse_shared(usual: Collection[Hours], new: Collection[Hours]) -> None:
    for one in usual:
        if any(overlapping([one, other]) for other in new):
            says = (
                f"She can come {said(one)} on {WEEKDAYS[one.weekday]}s already. Take those hours "
                "out first, or choose others."
            )
            raise InvalidInputError({"weekdays": says})


def _refuse_double(
    new: Hours, on: date, usual: Collection[Hours], exceptions: Collection[AvailabilityException]
) -> None:
    if any(one.starts is None for one in exceptions):
        raise InvalidInputError({"on": "She is away on that day. Choose another one."})
    that_day = [one for one in usual if one.weekday == on.weekday()]
    that_day += [
        Hours(on.weekday(), one.starts, one.ends)
        for one in map(as_exception, exceptions)
        if isinstance(one, Extra)
    ]
    for hours in that_day:
        if overlapping([hours, new]):
            raise InvalidInputError(
                {"starts": f"She can come {said(hours)} on that day already. Choose other hours."}
            )


def _hours(db: Session, volunteer: Volunteer) -> tuple[Hours, ...]:
    query = (
        select(WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.ends)
        .where(WeeklyHours.volunteer_id == volunteer.id)
        .order_by(WeeklyHours.weekday, WeeklyHours.starts)
    )
    return tuple(Hours(*row) for row in db.execute(query))


def _exceptions(
    db: Session, volunteer: Volunteer, first: date, last: date
) -> list[AvailabilityException]:
    query = select(AvailabilityException).where(
        AvailabilityException.volunteer_id == volunteer.id,
        AvailabilityException.ends_on >= first,
        AvailabilityException.starts_on <= last,
    )
    return list(db.scalars(query))


def _span(starts: time, ends: time) -> tuple[int, int]:
    begins, stops = minutes(starts), minutes(ends, is_end=True)
    if begins >= stops:
        raise InvalidInputError({"ends": _TURNED})
    return begins, stops


def _more(one: AvailabilityException) -> str:
    extra = as_exception(one)
    if not isinstance(extra, Extra):
        return ""
    return said(Hours(extra.on.weekday(), extra.starts, extra.ends))


def _days(one: AvailabilityException) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (one.starts_on, one.ends_on))
    return f"on {first}" if first == last else f"from {first} to {last}"


def _end(counted: int) -> str:
    moment = as_time(counted)
    return "midnight" if moment == time() else clock.spoken(moment)
