"""Finishing a register, and opening it again with a reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupSession,
    GroupState,
    Place,
    PlaceState,
    RegisterReopening,
    SessionState,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.groups.safe_to_run import kept
from services.permissions import Actor, Permission
from services.programmes.completed_by import has_completed
from services.registers import register_locking as locking
from services.registers import registers
from services.registers.counting import counting
from services.registers.welfare import opening
from services.registers.who_is_on import find_session, unseen

_OVER = (GroupState.FINISHED, GroupState.CLOSED)


def finish(db: Session, actor: Actor, session_ref: str) -> None:
    """Close the register once everybody has a mark. Finishing twice is finishing once.

    Whoever did not come and sent no word is owed a call. Whoever she is kept out of is not hers
    to mark: the register closes without, and that place counts as unrecorded until a colleague
    reopens it.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref, lock=True)
    if held.finished_at is not None:
        return
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is no register to finish.")
    if held.starts_at > clock.now():
        raise InvalidInputError(
            {"register": "This session has not started yet. Finish its register afterwards."}
        )
    missing = registers.unmarked(db, actor, held)
    if missing:
        raise InvalidInputError(
            {"register": f"{len(missing)} still without a mark: {', '.join(missing)}."}
        )
    with counting(db, held, group, by=actor, may_hold=True) as counted:
        counted.hold()
    held.finished_at, held.finished_by_id = clock.now(), actor.account_id
    kept.keep(db, held)
    finish_group_after_last(db, group, held)
    kept_out, calls = unseen(db, actor, held), opening.owe(db, held)
    subject = f"session:{held.ref}"
    audit.record(db, actor, "register.finished", subject, unseen=kept_out, calls=calls)


def reopen(db: Session, actor: Actor, session_ref: str, *, reason: str) -> None:
    """Open a finished register again, while it is not locked; the reason is kept with it.

    Reopening twice is reopening once.
    """
    actor.require(Permission.TAKE_REGISTER)
    said = locking.checked(reason)
    held, _group = find_session(db, actor, session_ref, lock=True)
    if locking.is_locked(db, held):
        raise ConflictError(locking.LOCKED)
    _open_again(db, actor, held, said, was_locked=False)


def unlock(db: Session, actor: Actor, session_ref: str, *, reason: str) -> None:
    """Open a register again that may be locked; the reason is kept with it."""
    actor.require(Permission.UNLOCK_REGISTERS)
    said = locking.checked(reason)
    held, _group = find_session(db, actor, session_ref, lock=True)
    _open_again(db, actor, held, said, was_locked=locking.is_locked(db, held))


def _open_again(
    db: Session, actor: Actor, held: GroupSession, reason: str, *, was_locked: bool
) -> None:
    if held.finished_at is None:
        return
    reopening = RegisterReopening(
        session_id=held.id,
        at=clock.now(),
        account_id=actor.account_id,
        reason=reason,
        was_locked=was_locked,
        finished_at=held.finished_at,
        finished_by_id=held.finished_by_id,
    )
    db.add(reopening)
    held.finished_at, held.finished_by_id = None, None
    held.reopened += 1
    audit.record(db, actor, "register.reopened", f"session:{held.ref}", locked=was_locked)


def finish_group_after_last(db: Session, group: Group, held: GroupSession) -> None:
    """With its last register the group is finished, and those who covered enough complete."""
    still_open = select(GroupSession.id).where(
        GroupSession.group_id == group.id,
        GroupSession.id != held.id,
        GroupSession.finished_at.is_(None),
        GroupSession.state != SessionState.CANCELLED,
    )
    if db.scalar(still_open.limit(1)) is not None:
        return
    group.state = GroupState.FINISHED
    places = select(Place).where(
        Place.group_id == group.id, Place.state.in_((PlaceState.STARTED, PlaceState.COMPLETED))
    )
    for place in db.scalars(places):
        settle(place, group)


def settle(place: Place, group: Group) -> None:
    """Once a group is over, what a place covered says whether it is completed: also after a mark
    was corrected, or a catch-up recorded or taken back. A step of services that have asked."""
    if group.state not in _OVER:
        return
    enough = has_completed(place, group)
    if place.state is PlaceState.STARTED and enough:
        place.state = PlaceState.COMPLETED
    elif place.state is PlaceState.COMPLETED and not enough:
        place.state = PlaceState.STARTED if place.attended else PlaceState.ACCEPTED
