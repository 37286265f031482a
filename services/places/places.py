"""Places in a group: giving one, or a position on the waiting list, and ending it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    HELD_PLACES,
    SEATED_PLACES,
    Group,
    Person,
    Place,
    PlaceState,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.groups.groups import MAX_CAPACITY
from services.people import one_person
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.places import departures, joining, seats
from services.places.leaving_reasons import leaving_reasons
from services.places.milestones import following
from services.places.seats import Reasons
from services.short_lists import once
from services.visibility import visible_places

MAX_REASON = 500
_SHOWN = (
    Place.ref,
    *NAMED,
    Person.kind,
    Place.state,
    Place.joined_on,
    Place.left_on,
    Place.left_because,
    Place.attended,
    Place.covered,
    Place.moved_from_id,
    Place.offered_until,
    Place.lapsed_at,
    Place.version,
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What came of enrolling: a seat, or a position on the waiting list (from 1)."""

    place_ref: str
    state: str
    waiting_position: int | None


def enrol(
    db: Session,
    actor: Actor,
    *,
    group_ref: str,
    person_ref: str,
    despite: str = "",
    late: str = "",
    fit: str = "",
) -> Enrolment:
    """Give a person a place, or the next position on the waiting list when the group is full.

    `despite` is the coordinator's reason where there is something to weigh, `late` hers where the
    group is closed to new people, `fit` hers where an age or another group stands against it.
    Raises ConflictError where she must not be placed and
    InvalidInputError where a reason is missing, neither of which says who or why.
    """
    actor.require(Permission.EDIT_PEOPLE)
    group = seats.lock_group(db, actor, group_ref)
    seats.require_open(group)
    person = one_person.find(db, actor, person_ref)
    seats.refuse_second_place(db, group, person.id)
    reasons = seats.may_join(db, actor, group, person.id, despite=despite, late=late, fit=fit)
    is_full = not seats.free(db, group)
    place = new_place(group, person.id, reasons)
    with following(db, group, place, by=actor):
        db.add(place)
        if not is_full:
            place.state = PlaceState.ACCEPTED
        db.flush()
    position = seats.count(db, group.id, (PlaceState.WAITING,)) if is_full else None
    audit.record(
        db, actor, "place.given", f"place:{place.ref}", state=place.state.value,
        weighed=reasons.despite is not None, late=reasons.late is not None,
        fits=reasons.fit is None,
    )  # fmt: skip
    return Enrolment(place.ref, place.state.value, position)


def new_place(group: Group, person_id: int, reasons: Reasons) -> Place:
    """A place that waits, asked for now."""
    place = Place(
        ref=new_ref(),
        group_id=group.id,
        person_id=person_id,
        state=PlaceState.WAITING,
        asked_at=clock.now(),
        joined_on=seats.first_day(group),
        attended=0,
        covered=0,
        expected=0,
        topics_covered=0,
    )
    reasons.keep_with(place)
    return place


def leave(
    db: Session,
    actor: Actor,
    place_ref: str,
    *,
    on: date,
    reason: str,
    version: int,
    because: str | None = None,
) -> str | None:
    """End a place early. Gives back the place of whoever is offered the seat from the list.

    `because` is a key of the list of reasons, `reason` what there is to add to it. What was marked
    for sessions after her last day counts as not expected.
    """
    actor.require(Permission.EDIT_PEOPLE)
    _check_reasons(because, reason)
    place, group = seats.lock_place(db, actor, place_ref, version)
    if place.state not in CURRENT_PLACES:
        raise ConflictError("This place has ended already.")
    if on < place.joined_on <= clock.today():
        raise InvalidInputError({"left_on": "The last day cannot be before the first."})
    if on > max(group.ends_on, clock.today()):  # nor on registers without a seat until then
        ends = f"{group.ends_on.day} {group.ends_on:%B %Y}"
        raise InvalidInputError(
            {"left_on": f"The group ends on {ends}. Choose that day or an earlier one."}
        )
    held_a_seat = place.state in SEATED_PLACES
    # Who was only offered a place or waited for one did not leave early.
    ended = PlaceState.LEFT_EARLY if place.state in HELD_PLACES else PlaceState.DECLINED
    with following(db, group, place, by=actor) as counts:
        departures.end(db, group, place, ended, on, counts=counts, by=actor)
        place.left_because, place.left_reason = because, reason.strip() or None
        db.flush()
    offered = seats.offer_free_seats(db, group, by=actor) if held_a_seat else []
    audit.record(db, actor, "place.ended", f"place:{place.ref}", offered=len(offered))
    return offered[0] if offered else None


def take_up(
    db: Session,
    actor: Actor,
    place_ref: str,
    *,
    version: int,
    despite: str = "",
    late: str = "",
    fit: str = "",
) -> None:
    """Give a free seat at once to somebody who waits and has said yes.

    Raises what `enrol` does, and ConflictError when no seat is free or she waits no longer.
    """
    actor.require(Permission.EDIT_PEOPLE)
    place, group = seats.lock_place(db, actor, place_ref, version)
    if place.state is not PlaceState.WAITING:
        raise ConflictError(seats.CHANGED)
    seats.pass_on(db, group)
    seats.require_seat(db, group)
    reasons = seats.weigh_place(db, actor, group, place, despite=despite, late=late, fit=fit)
    seats.seat(db, group, place, by=actor)
    audit.record(
        db, actor, "place.taken_up", f"place:{place_ref}", weighed=reasons.despite is not None
    )


def pass_on_lapsed(db: Session, group_ref: str | None = None) -> int:
    """Let every offer that nobody answered in time pass on to the next who waits; how many did.

    In one group or in all. It may run at any time, and twice is the same as once.
    """
    late = select(Place.group_id).where(
        Place.state == PlaceState.OFFERED, Place.offered_until <= clock.now()
    )
    query = select(Group).where(Group.id.in_(late)).order_by(Group.id).with_for_update()
    if group_ref is not None:
        query = query.where(Group.ref == group_ref)
    return sum(seats.pass_on(db, group) for group in db.scalars(query).all())


def change_capacity(
    db: Session, actor: Actor, group_ref: str, capacity: int, *, version: int
) -> int:
    """Change how many seats a group has; gives back how many who wait are offered one now."""
    actor.require(Permission.EDIT_GROUPS)
    group = seats.lock_group(db, actor, group_ref)
    if group.version != version:
        raise ConflictError("Somebody else changed this group while you had it open.")
    seats.require_open(group)
    taken = seats.count(db, group.id, SEATED_PLACES)
    if not max(1, taken) <= capacity <= MAX_CAPACITY:
        raise InvalidInputError(
            {
                "capacity": f"Choose from {max(1, taken)} to {MAX_CAPACITY} places: {taken} are "
                "taken or offered. End a place first if there are to be fewer."
            }
        )
    before, group.capacity = group.capacity, capacity
    db.flush()
    offered = seats.offer_free_seats(db, group, by=actor)
    audit.record(
        db, actor, "group.capacity_changed", f"group:{group_ref}", before=before, after=capacity,
        offered=len(offered),
    )  # fmt: skip
    return len(offered)


def in_group(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """The people with a place in a group, seated first, then waiting in fair order.

    Columns: place, person_ref, name, kind, state, joined, left, because, attended, covered,
    has_moved (she came from another group), until (the last day to answer an offer), is_over
    (nobody answered it in time), lapsed (her last offer passed by on that day), version.
    """
    actor.require(Permission.READ_PEOPLE)
    found = db.execute(_of_group(actor), {"group": group_ref}).all()
    rows = [
        (
            row.ref,
            row.person_ref,
            full_name(row),
            row.kind.value,
            row.state.value,
            row.joined_on,
            row.left_on,
            leaving_reasons().get(row.left_because or "", ""),
            row.attended,
            row.covered,
            row.moved_from_id is not None,
            *_offer(row.offered_until, row.lapsed_at),
            row.version,
        )
        for row in sorted(found, key=lambda row: row.state is PlaceState.WAITING)
    ]
    columns = [
        "place", "person_ref", "name", "kind", "state", "joined", "left", "because", "attended",
        "covered", "has_moved", "until", "is_over", "lapsed", "version",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


@once
def _of_group(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SHOWN)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(Group.ref == bindparam("group"), visible_places(actor))
        .order_by(Place.asked_at, Place.id)
    )


def _offer(
    until: datetime | None, lapsed: datetime | None
) -> tuple[date | None, bool, date | None]:
    return (
        joining.last_day_to_answer(until) if until else None,
        until is not None and until <= clock.now(),
        joining.last_day_to_answer(lapsed) if lapsed else None,
    )


def _check_reasons(because: str | None, reason: str) -> None:
    problems: dict[str, str] = {}
    if because is not None and because not in leaving_reasons():
        problems["because"] = "Choose a reason from the list."
    if len(reason) > MAX_REASON:
        problems["reason"] = f"Shorten the reason to {MAX_REASON} letters."
    if problems:
        raise InvalidInputError(problems)
