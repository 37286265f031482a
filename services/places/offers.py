"""Offering a free seat to somebody who waits, and what she answers."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Group, Person, Place, PlaceState
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.places import joining, seats
from services.places.milestones import following
from services.short_lists import each_time, instant, once
from services.visibility import visible_places

PAGE = 50
MAX_REASON = 500
MAX_DAYS = 60


def offer(
    db: Session,
    actor: Actor,
    place_ref: str,
    *,
    version: int,
    until: date | None = None,
    despite: str = "",
    late: str = "",
    fit: str = "",
) -> date:
    """Hold a free seat for somebody who waits; gives back the last day to answer.

    `until` is that day, else it follows from the organisation's setting. Raises what `enrol` does,
    and ConflictError when no seat is free or an offer to her stands already.
    """
    actor.require(Permission.EDIT_PEOPLE)
    place, group = seats.lock_place(db, actor, place_ref, version)
    _refuse_standing(place)
    if place.state is not PlaceState.WAITING:
        raise ConflictError("A seat is offered to those who wait. She has a place, or has left.")
    seats.pass_on(db, group)
    _check(until)
    seats.require_seat(db, group)
    reasons = seats.weigh_place(db, actor, group, place, despite=despite, late=late, fit=fit)
    last = seats.make_offer(db, group, place, by=actor, until=until)
    audit.record(
        db, actor, "place.offered", f"place:{place_ref}", weighed=reasons.despite is not None,
        late=reasons.late is not None,
    )  # fmt: skip
    return last


def accept(
    db: Session,
    actor: Actor,
    place_ref: str,
    *,
    version: int,
    despite: str = "",
    late: str = "",
    fit: str = "",
) -> None:
    """She takes the seat. What came up since the offer is weighed as if she were placed now."""
    actor.require(Permission.EDIT_PEOPLE)
    place, group = _offered(db, actor, place_ref, version)
    seats.require_open(group)
    despite, late = despite or place.despite or "", late or place.late_reason or ""
    seats.weigh_place(db, actor, group, place, despite=despite, late=late, fit=fit)
    seats.seat(db, group, place, by=actor)
    audit.record(db, actor, "offer.accepted", f"place:{place_ref}")


def decline(
    db: Session, actor: Actor, place_ref: str, *, version: int, reason: str = ""
) -> str | None:
    """She does not want it, or not now. Gives back the place that is offered the seat next."""
    actor.require(Permission.EDIT_PEOPLE)
    if len(reason) > MAX_REASON:
        raise InvalidInputError({"reason": f"Shorten the reason to {MAX_REASON} letters."})
    place, group = _offered(db, actor, place_ref, version)
    with following(db, group, place, by=actor):
        place.state, place.offered_until = PlaceState.DECLINED, None
        place.left_on = max(clock.today(), place.joined_on)
        place.left_reason = reason.strip() or None
        db.flush()
    offered = seats.offer_free_seats(db, group, by=actor)
    audit.record(db, actor, "offer.declined", f"place:{place_ref}", offered=len(offered))
    return offered[0] if offered else None


def standing(db: Session, actor: Actor) -> pd.DataFrame:
    """The offers still to be answered, those that end soonest first.

    Columns: group_ref, group, name, until (the last day to answer), is_over.
    """
    actor.require(Permission.EDIT_PEOPLE)
    now = clock.now()
    rows = [
        (
            row.ref,
            row.code_name,
            full_name(row),
            joining.last_day_to_answer(row.offered_until),
            row.offered_until <= now,
        )
        for row in db.execute(standing_select(actor))
    ]
    return pd.DataFrame(rows, columns=["group_ref", "group", "name", "until", "is_over"])


@once
def standing_select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The select behind `standing`, for what only counts them."""
    return (
        select(Group.ref, Group.code_name, *NAMED, Place.offered_until)
        .join(Group, Group.id == Place.group_id)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.state == PlaceState.OFFERED,
            Place.offered_until.is_not(None),
            visible_places(actor),
        )
        .order_by(Place.offered_until, Place.id)
        .limit(PAGE)
    )


@once
def lapsed_select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Of those, the ones nobody answered in time, which have still to pass on."""
    until = Place.offered_until
    return standing_select(actor).where(until <= each_time(until, instant))


def _offered(db: Session, actor: Actor, ref: str, version: int) -> tuple[Place, Group]:
    """A place with an offer that still stands, and its group, both held."""
    place, group = seats.lock_place(db, actor, ref, version)
    if place.state is not PlaceState.OFFERED:
        raise ConflictError("No offer to her stands. Offer her a free seat, or give her one.")
    if place.offered_until is not None and place.offered_until <= clock.now():
        last = joining.last_day_to_answer(place.offered_until)
        raise ConflictError(
            f"This offer ended on {last.day} {last:%B %Y} and the seat passes on. Offer her the "
            "next seat that is free."
        )
    return place, group


def _refuse_standing(place: Place) -> None:
    if place.state is PlaceState.OFFERED:
        raise ConflictError(
            "A seat is offered to her already. Record her answer before you offer another."
        )


def _check(until: date | None) -> None:
    if until is None:
        return
    if not 0 <= (until - clock.today()).days <= MAX_DAYS:
        raise InvalidInputError({"until": f"Choose a day from today to {MAX_DAYS} days ahead."})
