"""Places in a group: enrolling up to capacity, then the waiting list; leaving."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    SEATED_PLACES,
    Group,
    Person,
    Place,
    PlaceState,
    new_ref,
)
from services import audit, clock, placing
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.groups import OPEN_STATES
from services.milestones import following
from services.people import full_name
from services.permissions import (
    Actor,
    Permission,
    visible_groups,
    visible_people,
    visible_places,
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What came of enrolling: a seat, or a position on the waiting list (from 1)."""

    place_ref: str
    state: str
    waiting_position: int | None


def enrol(
    db: Session, actor: Actor, *, group_ref: str, person_ref: str, despite: str = ""
) -> Enrolment:
    """Give a person a place, or the next position on the waiting list when the group is full.

    `despite` is the coordinator's reason where there is something to weigh. Raises ConflictError
    where she must not be placed and InvalidInputError where the reason is missing, neither of
    which says who or why.
    """
    actor.require(Permission.EDIT_PEOPLE)
    group = _lock_group(db, actor, group_ref)
    if group.state not in OPEN_STATES:
        raise ConflictError("This group has ended. Choose one that is still open.")
    person = db.scalar(select(Person).where(Person.ref == person_ref, visible_people(actor)))
    if person is None:
        raise NotFoundError("person")
    _refuse_second_place(db, group, person)
    joined_on = max(clock.today(), group.starts_on)
    found = placing.for_people(db, [person], group.id, since=joined_on)[person.id]
    reason = placing.weigh(actor, found, despite)
    is_full = _count(db, group.id, SEATED_PLACES) >= group.capacity
    place = Place(
        ref=new_ref(),
        group_id=group.id,
        person_id=person.id,
        state=PlaceState.WAITING,
        asked_at=clock.now(),
        joined_on=joined_on,
        despite=reason,
        attended=0,
        covered=0,
    )
    with following(db, group, place, by=actor):
        db.add(place)
        if not is_full:
            place.state = PlaceState.ACCEPTED
        db.flush()
    position = _count(db, group.id, (PlaceState.WAITING,)) if is_full else None
    audit.record(
        db, actor, "place.given", f"place:{place.ref}", state=place.state.value,
        weighed=reason is not None,
    )  # fmt: skip
    return Enrolment(place.ref, place.state.value, position)


def leave(
    db: Session, actor: Actor, place_ref: str, *, on: date, reason: str, version: int
) -> str | None:
    """End a place early. Gives back the place of whoever moves up from the waiting list."""
    actor.require(Permission.EDIT_PEOPLE)
    place, group = _lock_place(db, actor, place_ref)
    if place.version != version:
        raise ConflictError("Somebody else changed this place. Open it again to see how.")
    if place.state not in CURRENT_PLACES:
        raise ConflictError("This place has ended already.")
    if on < place.joined_on <= clock.today():
        raise InvalidInputError({"left_on": "The last day cannot be before the first."})
    held_a_seat = place.state in SEATED_PLACES
    # Given up before its first day, a place was never taken up: nobody left early.
    came = held_a_seat and place.joined_on <= on
    with following(db, group, place, by=actor):
        place.state = PlaceState.LEFT_EARLY if came else PlaceState.DECLINED
        place.left_on = max(on, place.joined_on)
        place.left_reason = reason.strip() or None
    db.flush()
    moved_up = _fill_from_waiting(db, actor, group) if held_a_seat else None
    audit.record(db, actor, "place.ended", f"place:{place.ref}", moved_up=moved_up)
    return moved_up


def take_up(db: Session, actor: Actor, place_ref: str, *, version: int, despite: str = "") -> None:
    """Give a free seat to somebody who waits, when she could not move up by herself.

    Raises what `enrol` does, and ConflictError when no seat is free or she waits no longer.
    """
    actor.require(Permission.EDIT_PEOPLE)
    place, group = _lock_place(db, actor, place_ref)
    if place.version != version or place.state is not PlaceState.WAITING:
        raise ConflictError("Somebody else changed this place. Open it again to see how.")
    if group.state not in OPEN_STATES or _count(db, group.id, SEATED_PLACES) >= group.capacity:
        raise ConflictError("No seat is free in this group. Choose another, or end a place first.")
    person = db.scalars(select(Person).where(Person.id == place.person_id)).one()
    found = placing.for_people(db, [person], group.id, since=clock.today())[person.id]
    reason = placing.weigh(actor, found, despite)
    place.despite = reason or place.despite
    _seat(db, actor, group, place)
    audit.record(db, actor, "place.taken_up", f"place:{place_ref}", weighed=reason is not None)


def in_group(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """The people with a place in a group, seated first, then waiting in fair order.

    Columns: place, person_ref, name, kind, state, joined, left, attended, covered, version.
    """
    actor.require(Permission.READ_PEOPLE)
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(Group.ref == group_ref, visible_places(actor))
        .order_by(Place.asked_at, Place.id)
    )
    rows = [
        (
            place.ref,
            person.ref,
            full_name(person),
            person.kind.value,
            place.state.value,
            place.joined_on,
            place.left_on,
            place.attended,
            place.covered,
            place.version,
        )
        for place, person in db.execute(query)
    ]
    columns = [
        "place", "person_ref", "name", "kind", "state", "joined", "left", "attended", "covered",
        "version",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    waits = frame["state"].eq(PlaceState.WAITING.value)
    return pd.concat([frame[~waits], frame[waits]], ignore_index=True)


def _fill_from_waiting(db: Session, actor: Actor, group: Group) -> str | None:
    """The longest-waiting person who may be here takes the seat that came free.

    Whoever must not meet somebody in the group keeps her position and waits; so does she about
    whom there is something to weigh that nobody has weighed yet.
    """
    if group.state not in OPEN_STATES or _count(db, group.id, SEATED_PLACES) >= group.capacity:
        return None
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(Place.group_id == group.id, Place.state == PlaceState.WAITING)
        .order_by(Place.asked_at, Place.id)
    )
    waiting = db.execute(query).all()
    people = [person for _place, person in waiting]
    found = placing.for_people(db, people, group.id, since=clock.today())
    for place, person in waiting:
        if placing.is_settled(found[person.id], place.despite):
            _seat(db, actor, group, place)
            return place.ref
    return None


def _seat(db: Session, actor: Actor, group: Group, place: Place) -> None:
    with following(db, group, place, by=actor):
        place.state = PlaceState.ACCEPTED
        place.joined_on = max(clock.today(), group.starts_on)
    db.flush()


def _refuse_second_place(db: Session, group: Group, person: Person) -> None:
    query = select(Place.id).where(
        Place.group_id == group.id,
        Place.person_id == person.id,
        Place.state.in_(CURRENT_PLACES),
    )
    if db.scalar(query) is not None:
        raise ConflictError("This person has a place in this group already, or is waiting for one.")


def _count(db: Session, group_id: int, states: tuple[PlaceState, ...]) -> int:
    query = select(func.count()).where(Place.group_id == group_id, Place.state.in_(states))
    return db.scalar(query) or 0


def _lock_group(db: Session, actor: Actor, ref: str) -> Group:
    """The group, held until the transaction ends, so that the last seat is given once."""
    query = select(Group).where(Group.ref == ref, visible_groups(actor)).with_for_update()
    group = db.scalar(query)
    if group is None:
        raise NotFoundError("group")
    return group


def _lock_place(db: Session, actor: Actor, ref: str) -> tuple[Place, Group]:
    place = db.scalar(select(Place).where(Place.ref == ref, visible_places(actor)))
    if place is None:
        raise NotFoundError("place")
    group = db.scalars(select(Group).where(Group.id == place.group_id).with_for_update()).one()
    db.refresh(place)
    return place, group
