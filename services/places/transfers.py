"""Moving somebody to another group in one step, both places kept and linked."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import literal, select, union_all, update
from sqlalchemy.orm import Session, aliased

from models import HELD_PLACES, Group, Place, PlaceState, Referral
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.places import departures, places, seats
from services.places.milestones import following
from services.visibility import visible_groups, visible_places

# Made once: each alias made anew learns its columns anew, which costs more than the query.
_OLD, _NEW, _HERE = aliased(Place), aliased(Place), aliased(Group)


@dataclass(frozen=True, slots=True)
class Transfer:
    """What came of it: her new place, and the one in the old group that is offered her seat."""

    place_ref: str
    offered: str | None


def transfer(
    db: Session,
    actor: Actor,
    place_ref: str,
    *,
    to_group_ref: str,
    on: date,
    version: int,
    reason: str = "",
    despite: str = "",
    late: str = "",
    fit: str = "",
) -> Transfer:
    """End a place with its last day and give a seat in another group from the day after.

    The new group is asked first: open, a seat free, nobody there she must not meet. Raises what
    `enrol` and `leave` do, and nothing has changed then.
    """
    actor.require(Permission.EDIT_PEOPLE)
    if len(reason) > places.MAX_REASON:
        raise InvalidInputError({"reason": f"Shorten the reason to {places.MAX_REASON} letters."})
    old_group, new_group = _lock_both(db, actor, place_ref, to_group_ref)
    old, _group = seats.lock_place(db, actor, place_ref, version)
    _check(old, old_group, new_group, on)
    seats.pass_on(db, new_group)
    seats.require_seat(db, new_group)
    seats.refuse_second_place(db, new_group, old.person_id)
    reasons = seats.may_join(
        db, actor, new_group, old.person_id, despite=despite, late=late, fit=fit,
        leaving=old_group.id,
    )  # fmt: skip
    new = places.new_place(new_group, old.person_id, reasons)
    new.moved_from_id, new.joined_on = old.id, max(on + timedelta(days=1), new_group.starts_on)
    with following(db, new_group, new, by=actor):
        new.state = PlaceState.ACCEPTED
        db.add(new)
        db.flush()  # hers before the old one ends: whoever moves has declined nothing
        with following(db, old_group, old, by=actor) as counts:
            departures.end(db, old_group, old, PlaceState.TRANSFERRED, on, counts=counts, by=actor)
            old.left_reason = reason.strip() or None
            db.flush()
        # The referral that led to the old place goes with her.
        db.execute(update(Referral).where(Referral.place_id == old.id).values(place_id=new.id))
    offered = seats.offer_free_seats(db, old_group, by=actor)
    audit.record(
        db, actor, "place.transferred", f"place:{place_ref}", to=new.ref, offered=len(offered)
    )
    return Transfer(new.ref, offered[0] if offered else None)


def links(db: Session, actor: Actor, group_ref: str) -> dict[str, str]:
    """For each place in a group that somebody moved to or from: "from" or "to" which group.

    Only groups this reader may see are named.
    """
    actor.require(Permission.READ_PEOPLE)
    to = (
        select(_OLD.ref, literal("to"), Group.code_name)
        .join(_NEW, _NEW.moved_from_id == _OLD.id)
        .join(_HERE, _HERE.id == _OLD.group_id)
        .join(Group, Group.id == _NEW.group_id)
        .where(_HERE.ref == group_ref, visible_groups(actor))
    )
    origin = (
        select(_NEW.ref, literal("from"), Group.code_name)
        .join(_OLD, _NEW.moved_from_id == _OLD.id)
        .join(_HERE, _HERE.id == _NEW.group_id)
        .join(Group, Group.id == _OLD.group_id)
        .where(_HERE.ref == group_ref, visible_groups(actor))
    )
    found = db.execute(union_all(to, origin))
    return {place: f"{way} {name}" for place, way, name in found}


def _lock_both(db: Session, actor: Actor, place_ref: str, to_group_ref: str) -> tuple[Group, Group]:
    """Both groups, held in one order for everybody: two transfers cannot wait for each other."""
    held = select(Place.group_id).where(Place.ref == place_ref, visible_places(actor))
    query = (
        select(Group)
        .where((Group.ref == to_group_ref) | Group.id.in_(held), visible_groups(actor))
        .order_by(Group.id)
        .with_for_update()
    )
    groups = db.scalars(query).all()
    old_id = db.scalar(held)
    old = next((group for group in groups if group.id == old_id), None)
    new = next((group for group in groups if group.ref == to_group_ref), None)
    if old is None:
        raise NotFoundError("place")
    if new is None:
        raise NotFoundError("group")
    return old, new


def _check(old: Place, old_group: Group, new_group: Group, on: date) -> None:
    if old_group.id == new_group.id:
        raise InvalidInputError({"to_group": "She is in this group. Choose another one."})
    if old.state not in HELD_PLACES:
        raise ConflictError(
            "Only somebody who has a place can move. Give her a place in the other group instead."
        )
    if on > clock.today():
        raise InvalidInputError({"left_on": "Choose a last day up to today: the move is made now."})
    if on < old.joined_on <= clock.today():
        raise InvalidInputError({"left_on": "The last day cannot be before the first."})
