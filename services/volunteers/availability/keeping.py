"""Changing when one volunteer can come: steps of the services that have found her and asked."""

from collections.abc import Collection
from datetime import date, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import AvailabilityException, Volunteer, WeeklyHours, new_ref
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor
from services.volunteers.availability.facts import as_exception
from services.volunteers.availability.hours import Extra, Hours, as_time, minutes, overlapping

LONGEST = timedelta(days=366)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TURNED = "Choose an end after the start; for the end of the day choose midnight."


def add_hours(
    db: Session,
    volunteer: Volunteer,
    actor: Actor,
    *,
    weekdays: Collection[int],
    starts: time,
    ends: time,
) -> None:
    """Keep hours of one or several weekdays. Raises InvalidInputError where she has them already,
    and then keeps none of them."""
    begins, stops = _span(starts, ends)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise InvalidInputError({"weekdays": "Choose at least one weekday."})
    new = [Hours(weekday, begins, stops) for weekday in sorted(set(weekdays))]
    _refuse_shared(hours_of(db, volunteer), new)
    db.add_all(
        WeeklyHours(
            volunteer_id=volunteer.id, weekday=one.weekday, starts=one.starts, ends=one.ends
        )
        for one in new
    )
    audit.record(db, actor, "availability.hours_added", f"volunteer:{volunteer.ref}")


def remove_hours(db: Session, volunteer: Volunteer, actor: Actor, gone: Hours) -> None:
    """Take hours of one weekday out."""
    if gone not in hours_of(db, volunteer):
        raise ConflictError("Somebody else has changed these hours. Look at them again here.")
    db.execute(
        delete(WeeklyHours).where(
            WeeklyHours.volunteer_id == volunteer.id,
            WeeklyHours.weekday == gone.weekday,
            WeeklyHours.starts == gone.starts,
        )
    )
    audit.record(db, actor, "availability.hours_removed", f"volunteer:{volunteer.ref}")


def add_away(db: Session, volunteer: Volunteer, actor: Actor, *, first: date, last: date) -> str:
    """Keep days on which she cannot come, and give back the exception's reference."""
    if last < max(first, clock.today()):
        raise InvalidInputError({"last": "Choose a last day from today on, not before the first."})
    if last - first > LONGEST:
        raise InvalidInputError({"last": "Choose a last day within a year of the first."})
    for one in _exceptions(db, volunteer, first, last):
        if one.starts is None:
            says = f"{_days(one)} is kept already. Take that out first, or choose other days."
            raise InvalidInputError({"first": says})
    kept = AvailabilityException(
        ref=new_ref(), volunteer_id=volunteer.id, starts_on=first, ends_on=last
    )
    db.add(kept)
    audit.record(
        db, actor, "availability.away_added", f"volunteer:{volunteer.ref}", exception=kept.ref
    )
    return kept.ref


def add_extra(
    db: Session, volunteer: Volunteer, actor: Actor, *, on: date, starts: time, ends: time
) -> str:
    """Keep more hours on one day, and give back the exception's reference."""
    begins, stops = _span(starts, ends)
    if not clock.today() <= on <= clock.today() + LONGEST:
        raise InvalidInputError({"on": "Choose a day from today on, within a year."})
    new = Hours(on.weekday(), begins, stops)
    _refuse_double(new, on, hours_of(db, volunteer), _exceptions(db, volunteer, on, on))
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
        db, actor, "availability.extra_added", f"volunteer:{volunteer.ref}", exception=kept.ref
    )
    return kept.ref


def remove_exception(
    db: Session, volunteer: Volunteer, actor: Actor, kept: AvailabilityException
) -> None:
    """Take days away or more hours out again."""
    db.delete(kept)
    audit.record(
        db, actor, "availability.exception_removed", f"volunteer:{volunteer.ref}",
        exception=kept.ref,
    )  # fmt: skip


def said(hours: Hours) -> str:
    """From when to when: from 10am to 12pm."""
    return f"from {clock.spoken(as_time(hours.starts))} to {_end(hours.ends)}"


def hours_of(db: Session, volunteer: Volunteer) -> tuple[Hours, ...]:
    """Her weekly hours in order."""
    query = (
        select(WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.ends)
        .where(WeeklyHours.volunteer_id == volunteer.id)
        .order_by(WeeklyHours.weekday, WeeklyHours.starts)
    )
    return tuple(Hours(*row) for row in db.execute(query))


def _refuse_shared(usual: Collection[Hours], new: Collection[Hours]) -> None:
    for one in usual:
        if any(overlapping([one, other]) for other in new):
            says = (
                f"Hours {said(one)} on {WEEKDAYS[one.weekday]}s are kept already. Take those out "
                "first, or choose others."
            )
            raise InvalidInputError({"weekdays": says})


def _refuse_double(
    new: Hours, on: date, usual: Collection[Hours], exceptions: Collection[AvailabilityException]
) -> None:
    if any(one.starts is None for one in exceptions):
        raise InvalidInputError({"on": "That day is kept as away. Choose another day."})
    that_day = [one for one in usual if one.weekday == on.weekday()]
    that_day += [
        Hours(on.weekday(), one.starts, one.ends)
        for one in map(as_exception, exceptions)
        if isinstance(one, Extra)
    ]
    for hours in that_day:
        if overlapping([hours, new]):
            raise InvalidInputError(
                {"starts": f"Hours {said(hours)} on that day are kept already. Choose other hours."}
            )


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


def _days(one: AvailabilityException) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (one.starts_on, one.ends_on))
    return f"Away on {first}" if first == last else f"Away from {first} to {last}"


def _end(counted: int) -> str:
    moment = as_time(counted)
    return "midnight" if moment == time() else clock.spoken(moment)
