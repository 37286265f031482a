"""What is known of when volunteers can come and what they would like, for many at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AvailabilityException,
    AvoidedRoom,
    PlacementRole,
    VolunteerWishes,
    WeeklyHours,
)
from services.volunteers.availability.hours import Away, Extra, Hours, HoursException

WEEKS_BETWEEN = 4
GROUPS_AT_ONCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What one volunteer would like. Nothing recorded is the default."""

    most_a_month: int | None = None  # sessions; None is as many as there are
    weeks_between: int = WEEKS_BETWEEN
    groups_at_once: int = GROUPS_AT_ONCE
    roles: tuple[PlacementRole, ...] = ()  # none named: she has no preference
    languages: tuple[str, ...] = ()
    skills: str = ""
    avoids: str = ""  # her own words, for a person to read; `avoided_rooms` are to match by
    avoided_rooms: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Availability:
    """When one volunteer can come, and what she would like."""

    hours: tuple[Hours, ...]
    exceptions: tuple[HoursException, ...]
    wishes: Wishes


def of_many(db: Session, volunteers: Collection[int], *, since: date) -> dict[int, Availability]:
    """By each volunteer's number; exceptions that ended before a day are left out.

    A step of other services, which have asked whether she may.
    """
    hours, exceptions = _hours(db, volunteers), _exceptions(db, volunteers, since)
    wishes = wishes_of(db, volunteers)
    return {
        number: Availability(tuple(hours[number]), tuple(exceptions[number]), wishes[number])
        for number in volunteers
    }


def wishes_of(db: Session, volunteers: Collection[int]) -> dict[int, Wishes]:
    """What each would like, by her number. A step of other services, as `of_many` is."""
    rooms = _rooms(db, volunteers)
    query = select(VolunteerWishes).where(VolunteerWishes.volunteer_id.in_(volunteers))
    kept = {one.volunteer_id: one for one in db.scalars(query)}
    return {number: _wished(kept.get(number), frozenset(rooms[number])) for number in volunteers}


def _wished(kept: VolunteerWishes | None, rooms: frozenset[int]) -> Wishes:
    if kept is None:
        return Wishes(avoided_rooms=rooms)
    return Wishes(
        most_a_month=kept.most_a_month,
        weeks_between=kept.weeks_between,
        groups_at_once=kept.groups_at_once,
        roles=tuple(map(PlacementRole, kept.roles)),
        languages=tuple(kept.languages),
        skills=kept.skills or "",
        avoids=kept.avoids or "",
        avoided_rooms=rooms,
    )


def _hours(db: Session, volunteers: Collection[int]) -> defaultdict[int, list[Hours]]:
    query = (
        select(WeeklyHours.volunteer_id, WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.ends)
        .where(WeeklyHours.volunteer_id.in_(volunteers))
        .order_by(WeeklyHours.weekday, WeeklyHours.starts)
    )
    found: defaultdict[int, list[Hours]] = defaultdict(list)
    for number, *hours in db.execute(query):
        found[number].append(Hours(*hours))
    return found


def _exceptions(
    db: Session, volunteers: Collection[int], since: date
) -> defaultdict[int, list[HoursException]]:
    query = (
        select(AvailabilityException)
        .where(
            AvailabilityException.volunteer_id.in_(volunteers),
            AvailabilityException.ends_on >= since,
        )
        .order_by(AvailabilityException.starts_on, AvailabilityException.id)
    )
    found: defaultdict[int, list[HoursException]] = defaultdict(list)
    for one in db.scalars(query):
        found[one.volunteer_id].append(as_exception(one))
    return found


def as_exception(kept: AvailabilityException) -> HoursException:
    """An exception as it is kept, in the form the rules know."""
    if kept.starts is None or kept.ends is None:
        return Away(kept.starts_on, kept.ends_on)
    return Extra(kept.starts_on, kept.starts, kept.ends)


def _rooms(db: Session, volunteers: Collection[int]) -> defaultdict[int, set[int]]:
    query = select(AvoidedRoom.volunteer_id, AvoidedRoom.room_id).where(
        AvoidedRoom.volunteer_id.in_(volunteers)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for number, room in db.execute(query):
        found[number].add(room)
    return found
