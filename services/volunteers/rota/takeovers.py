"""A shift that somebody else is asked to take over: hers until then, and never without anybody.

Steps of services that have asked, with the group held.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import Shift, ShiftState
from services import audit, clock
from services.errors import ConflictError
from services.permissions import Actor

_NOT_HERS = "Meanwhile this session is covered. Nothing is needed of you; look at the list again."


def in_a_place(shift: type[Shift] = Shift) -> ColumnElement[bool]:
    """That she has said yes, or is asked for a place that nobody has. Whoever is asked to take
    over has none."""
    asked = and_(shift.state == ShiftState.OFFERED, shift.came_from_id.is_(None))
    return or_(shift.state == ShiftState.ACCEPTED, asked)


def given_up(db: Session, offer: Shift) -> Shift | None:
    """The shift that an offer is to take over, held; none where the place is open."""
    if not offer.takes_over:
        return None
    query = select(Shift).where(Shift.id == offer.came_from_id).with_for_update(of=Shift)
    hers = db.scalars(query.execution_options(populate_existing=True)).one()
    if hers.state is not ShiftState.ACCEPTED:
        raise ConflictError(_NOT_HERS)
    return hers


def waiting(db: Session, shift: Shift) -> Sequence[Shift]:
    """The offers to take a shift over that nobody has answered, the first first."""
    query = select(Shift).where(Shift.came_from_id == shift.id, Shift.state == ShiftState.OFFERED)
    return db.scalars(query.order_by(Shift.id)).all()


def hand_over(db: Session, shift: Shift, actor: Actor, taken: Shift, volunteer: str) -> None:
    """Out of her shift and into the other's, which counts as soon as the caller says so."""
    shift.state, shift.relief, shift.ended_at = ShiftState.SWAPPED, None, clock.now()
    db.flush()  # her place is free before it is taken
    withdraw(db, [one for one in waiting(db, shift) if one is not taken], actor)
    audit.record(
        db, actor, "shift.swapped", f"shift:{shift.ref}", to=taken.ref, volunteer=volunteer
    )


def withdraw(db: Session, offers: Sequence[Shift], actor: Actor) -> None:
    """Take offers back: they are not needed any more."""
    for one in offers:
        one.state, one.ended_at = ShiftState.WITHDRAWN, clock.now()
        audit.record(db, actor, "shift.ended", f"shift:{one.ref}", was_offered=True)


def open_place(db: Session, shift: Shift, actor: Actor) -> None:
    """She is out of it before anybody took over: the first who was asked is asked for her place."""
    first, *others = waiting(db, shift) or (None,)
    if first is not None:
        withdraw(db, others, actor)
        db.flush()  # her place is free before it is offered
        first.came_from_id = None
