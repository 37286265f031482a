"""Asking a volunteer to cover a session, her answer, and her way out, which is without blame."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    GroupSession,
    PlacementRole,
    Shift,
    ShiftState,
    Volunteer,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.rota import allowed, needs, takeovers

MAX_REASON = 500
_MEANWHILE = "Meanwhile this shift was changed: it is {now} now. Look at the session again."


def offer(
    db: Session,
    actor: Actor,
    session_ref: str,
    volunteer_ref: str,
    role: PlacementRole,
    *,
    despite: str = "",
) -> str:
    """Ask a volunteer to cover a role of a session, and give back the shift's reference.

    Raises ConflictError where the group is not the right one for her or the role is covered, and
    InvalidInputError where a rule about her says no.
    """
    actor.require(Permission.PLAN_ROTA)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    session = allowed.held_session(db, actor, session_ref)
    slot = _free_slot(db, session, role)
    reason = allowed.require(db, actor, volunteer, session, role, despite=despite)
    shift = new_shift(actor, session, volunteer, role, slot, despite=reason)
    db.add(shift)
    audit.record(
        db, actor, "shift.offered", f"shift:{shift.ref}", session=session.ref, role=role.value,
        volunteer=volunteer.ref, weighed=reason is not None,
    )  # fmt: skip
    return shift.ref


def answer(
    db: Session,
    actor: Actor,
    ref: str,
    *,
    accepts: bool,
    version: int,
    reason: str = "",
) -> None:
    """Her answer to an offer. A yes is checked again: a no needs no reason and leaves no mark."""
    actor.require(Permission.PLAN_ROTA)
    private = _private(reason)
    shift = allowed.held_shift(db, actor, ref)
    settle_answer(db, shift, actor, accepts=accepts, version=version, reason=private)


def settle_answer(
    db: Session, shift: Shift, actor: Actor, *, accepts: bool, version: int, reason: str | None
) -> None:
    """An answer to a shift that is held. A step of other services, which have asked."""
    require_seen(shift, version, ShiftState.OFFERED)
    if accepts:
        volunteer, session = _parts(db, shift)
        given_up = takeovers.given_up(db, shift)
        allowed.require(
            db, actor, volunteer, session, shift.role, despite=shift.despite or "",
            without=[shift.id, *([given_up.id] if given_up else [])],
        )  # fmt: skip
        if given_up is not None:
            takeovers.hand_over(db, given_up, actor, shift, volunteer.ref)
        shift.state = ShiftState.ACCEPTED
    else:
        shift.state, shift.reason = ShiftState.DECLINED, reason
        shift.ended_at = clock.now()
    shift.answered_at = clock.now()
    audit.record(db, actor, "shift.answered", f"shift:{shift.ref}", accepted=accepts)


def cancel(db: Session, actor: Actor, ref: str, *, version: int, reason: str = "") -> None:
    """Let her go from a shift, or take an offer back; the place is open again at once."""
    actor.require(Permission.PLAN_ROTA)
    private = _private(reason)
    shift = allowed.held_shift(db, actor, ref)
    let_go(db, shift, actor, version=version, reason=private)


def let_go(
    db: Session, shift: Shift, actor: Actor, *, version: int, reason: str | None = None
) -> None:
    """The end of a shift that is held. A step of other services, which have asked."""
    require_seen(shift, version, *CURRENT_SHIFTS)
    was_offered = shift.state is ShiftState.OFFERED
    shift.state = ShiftState.WITHDRAWN if was_offered else ShiftState.CANCELLED
    shift.reason, shift.relief, shift.ended_at = reason, None, clock.now()
    takeovers.open_place(db, shift, actor)
    audit.record(db, actor, "shift.ended", f"shift:{shift.ref}", was_offered=was_offered)


def free_all(db: Session, volunteer: Volunteer, actor: Actor) -> int:
    """Open again every session to come that she covers or is asked to, and say how many.

    A step of other services, which have asked, once she takes none on any more.
    """
    query = (
        select(Shift)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            Shift.volunteer_id == volunteer.id,
            Shift.state.in_(CURRENT_SHIFTS),
            GroupSession.starts_at > clock.now(),
        )
        .order_by(Shift.id)
        .with_for_update(of=Shift)
    )
    found = db.scalars(query).all()
    for shift in found:
        let_go(db, shift, actor, version=shift.version)
    return len(found)


def swap(
    db: Session,
    actor: Actor,
    ref: str,
    volunteer_ref: str,
    *,
    version: int,
    despite: str = "",
) -> str:
    """Give an accepted shift to another volunteer who has said yes; the new shift's reference.

    She is checked as for an offer: no swap leads where an offer would not.
    """
    actor.require(Permission.PLAN_ROTA)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    shift = require_seen(allowed.held_shift(db, actor, ref), version, ShiftState.ACCEPTED)
    if shift.volunteer_id == volunteer.id:
        raise InvalidInputError({"volunteer": "This shift is hers already. Choose somebody else."})
    _hers, session = _parts(db, shift)
    kept = allowed.require(
        db, actor, volunteer, session, shift.role, despite=despite, without=[shift.id]
    )
    taken = new_shift(actor, session, volunteer, shift.role, shift.slot, despite=kept)
    taken.state, taken.answered_at, taken.came_from_id = ShiftState.ACCEPTED, clock.now(), shift.id
    takeovers.hand_over(db, shift, actor, taken, volunteer.ref)
    db.add(taken)
    return taken.ref


def new_shift(
    actor: Actor,
    session: GroupSession,
    volunteer: Volunteer,
    role: PlacementRole,
    slot: int,
    *,
    despite: str | None = None,
) -> Shift:
    """A shift that has just been offered, not in the database yet."""
    return Shift(
        ref=new_ref(),
        session_id=session.id,
        volunteer_id=volunteer.id,
        role=role,
        slot=slot,
        state=ShiftState.OFFERED,
        offered_at=clock.now(),
        offered_by_id=actor.account_id,
        despite=despite,
    )


def free_slots(taken: Collection[int], count: int) -> list[int]:
    """The places of a role that nobody has, in order."""
    return [slot for slot in range(1, count + 1) if slot not in taken]


def _free_slot(db: Session, session: GroupSession, role: PlacementRole) -> int:
    needed = needs.of_groups(db, [session.group_id])[session.group_id]
    count = next((need.count for need in needed if need.role == role.value), 0)
    query = select(Shift.slot).where(
        Shift.session_id == session.id, Shift.role == role, Shift.state.in_(CURRENT_SHIFTS)
    )
    free = free_slots(db.scalars(query).all(), count)
    if not free:
        raise ConflictError(
            "This session does not need anybody in that role, or has been covered meanwhile. "
            "Choose another role, or change what the group needs."
        )
    return free[0]


def require_seen(shift: Shift, version: int, *states: ShiftState) -> Shift:
    """The shift, if it is as she saw it. Raises ConflictError where it has changed."""
    if shift.version != version or shift.state not in states:
        raise ConflictError(_MEANWHILE.format(now=shift.state.value), theirs=shift.state.value)
    return shift


def _parts(db: Session, shift: Shift) -> tuple[Volunteer, GroupSession]:
    query = (
        select(Volunteer, GroupSession)
        .join(Shift, Shift.volunteer_id == Volunteer.id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(Shift.id == shift.id)
    )
    volunteer, session = db.execute(query).one()
    return volunteer, session


def _private(reason: str) -> str | None:
    if len(reason) > MAX_REASON:
        raise InvalidInputError({"reason": f"Shorten what she said to {MAX_REASON} letters."})
    return reason.strip() or None
