"""Asking somebody to take a session she has said yes to: she stays in it until somebody has.

She asks, on her own page or by telling a coordinator, who offers it to whom the rules allow, as any
other session. Of who is asked she hears nothing, and nothing is kept of her asking once it is
settled.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import GroupSession, Relief, Shift, ShiftState, VolunteerSupport
from services import audit
from services.errors import ConflictError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.rota import allowed, takeovers
from services.volunteers.rota.shifts import new_shift, require_seen

_BEGUN = "This session has begun. Note for the next one that she cannot come."
_TAKEN_BACK = "She does not ask for this any more: look at the session again."


def ask(db: Session, shift: Shift, actor: Actor, *, version: int) -> None:
    """That she asks somebody to take it. A step of her own services, which have asked."""
    require_seen(shift, version, ShiftState.ACCEPTED)
    shift.relief = Relief.ASKED
    audit.record(db, actor, "shift.relief_asked", f"shift:{shift.ref}")


def keep(db: Session, shift: Shift, actor: Actor, *, version: int) -> None:
    """That she can come after all. A step of her own services, which have asked."""
    require_seen(shift, version, ShiftState.ACCEPTED)
    _settle(db, shift, actor, None)


def note(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Note for her that she asks somebody to take it: from here on it goes as if she had."""
    actor.require(Permission.PLAN_ROTA)
    shift = allowed.held_shift(db, actor, ref)
    if allowed.has_begun(db, shift):
        raise ConflictError(_BEGUN)
    ask(db, shift, actor, version=version)


def note_kept(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Note for her that she can come after all."""
    actor.require(Permission.PLAN_ROTA)
    _settle(db, _asked_for(db, actor, ref, version), actor, None)


def offer(
    db: Session, actor: Actor, ref: str, volunteer_ref: str, *, version: int, despite: str = ""
) -> str:
    """Ask a volunteer to take a shift over, and give back her own's reference.

    She is checked as for any offer, and again as she says yes: then the shift is swapped at once.
    """
    actor.require(Permission.PLAN_ROTA)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    shift = _asked_for(db, actor, ref, version)
    session = db.get_one(GroupSession, shift.session_id)
    reason = allowed.require(
        db, actor, volunteer, session, shift.role, despite=despite, without=[shift.id]
    )
    taker = new_shift(actor, session, volunteer, shift.role, shift.slot, despite=reason)
    taker.came_from_id = shift.id
    db.add(taker)
    audit.record(
        db, actor, "shift.offered", f"shift:{taker.ref}", session=session.ref,
        role=shift.role.value, volunteer=volunteer.ref, weighed=reason is not None,
        instead_of=shift.ref,
    )  # fmt: skip
    return taker.ref


def nobody_can(db: Session, actor: Actor, ref: str, *, version: int) -> bool:
    """Nobody could take it: the session is hers as before, as is a way out of it. Gives back
    whether she reads so by herself; who has no page of her own has to be told."""
    actor.require(Permission.PLAN_ROTA)
    shift = _asked_for(db, actor, ref, version)
    _settle(db, shift, actor, Relief.NOBODY)
    own = select(VolunteerSupport.own_account_id).where(
        VolunteerSupport.volunteer_id == shift.volunteer_id
    )
    return db.scalar(own) is not None


def _asked_for(db: Session, actor: Actor, ref: str, version: int) -> Shift:
    shift = require_seen(allowed.held_shift(db, actor, ref), version, ShiftState.ACCEPTED)
    if shift.relief is not Relief.ASKED:
        raise ConflictError(_TAKEN_BACK)
    return shift


def _settle(db: Session, shift: Shift, actor: Actor, now: Relief | None) -> None:
    takeovers.withdraw(db, takeovers.waiting(db, shift), actor)
    shift.relief = now
    settled = "kept" if now is None else now.value
    audit.record(db, actor, "shift.relief_settled", f"shift:{shift.ref}", now=settled)
