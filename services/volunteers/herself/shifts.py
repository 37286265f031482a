"""Her own rota: what she is asked to cover, her yes or no, asking somebody to take a session, and
her way out without a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    Group,
    GroupSession,
    Room,
    SessionState,
    Shift,
    ShiftState,
)
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.volunteers.herself.record import find
from services.volunteers.rota import allowed, relief, shifts

MOST = 50
# One sentence whatever the rule: which one it is would say something about somebody else.
NOT_NOW = (
    "This group is not the right one just now. Say no to it here, or talk to your coordinator: "
    "she finds another place for you. It says nothing about you."
)
_BEGUN = "This session has begun. Ring your coordinator or the facilitator if you cannot come."


@dataclass(frozen=True, slots=True)
class OwnShift:
    """One session she is asked to cover or has said yes to, or that somebody took over from her;
    times as on the wall. `relief`: what came of her asking somebody to take it, if she has."""

    ref: str
    group: str
    number: int
    topic: str
    starts: datetime
    ends: datetime
    room: str | None
    role: str
    state: str
    relief: str | None
    version: int


@while_unchanged
def coming(db: Session, actor: Actor) -> list[OwnShift]:
    """Her shifts to come, the next first, and those she gave on and has not taken up again."""
    actor.require(Permission.OWN_VOLUNTEERING)
    query = (
        select(Shift, GroupSession, Group.code_name, Room.name)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Room, Room.id == GroupSession.room_id)
        .where(
            Shift.volunteer_id == find(db, actor).id,
            Shift.state.in_((*CURRENT_SHIFTS, ShiftState.SWAPPED)),
            GroupSession.starts_at > clock.now(),
            GroupSession.state != SessionState.CANCELLED,
        )
        .order_by(GroupSession.starts_at, Shift.id)
        .limit(MOST)
    )
    # Of several in one session the last alone is true still.
    last = {session.id: _own(one, session, *where) for one, session, *where in db.execute(query)}
    return list(last.values())


def answer(db: Session, actor: Actor, ref: str, *, accepts: bool, version: int) -> None:
    """Her yes or no to an offer. A yes is checked by every rule again; a no needs no reason."""
    actor.require(Permission.OWN_VOLUNTEERING)
    shift = _held(db, actor, ref)
    if not accepts:
        shifts.settle_answer(db, shift, actor, accepts=False, version=version, reason=None)
        return
    shifts.require_seen(shift, version, ShiftState.OFFERED)
    try:
        shifts.settle_answer(db, shift, actor, accepts=True, version=version, reason=None)
    except (ConflictError, InvalidInputError) as error:
        raise ConflictError(NOT_NOW) from error


def cancel(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """She cannot come after all; the place is open again at once, and nobody asks why."""
    actor.require(Permission.OWN_VOLUNTEERING)
    shifts.let_go(db, _held_to_come(db, actor, ref), actor, version=version)


def ask_relief(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """She would like somebody to take it; until somebody has said yes it stays hers."""
    actor.require(Permission.OWN_VOLUNTEERING)
    relief.ask(db, _held_to_come(db, actor, ref), actor, version=version)


def keep(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """She can come after all, and nobody need take it."""
    actor.require(Permission.OWN_VOLUNTEERING)
    relief.keep(db, _held_to_come(db, actor, ref), actor, version=version)


def _held_to_come(db: Session, actor: Actor, ref: str) -> Shift:
    shift = _held(db, actor, ref)
    if allowed.has_begun(db, shift):
        raise ConflictError(_BEGUN)
    return shift


def _held(db: Session, actor: Actor, ref: str) -> Shift:
    """Her own shift as it is once she and the group are held; somebody else's is not there."""
    volunteer = find(db, actor, lock=True)
    query = (
        select(Shift, GroupSession.group_id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(Shift.ref == ref, Shift.volunteer_id == volunteer.id)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("shift")
    shift, group = row
    allowed.hold_group(db, group)
    db.refresh(shift)
    return shift


def _own(shift: Shift, session: GroupSession, group: str, room: str | None) -> OwnShift:
    return OwnShift(
        ref=shift.ref,
        group=group,
        number=session.number,
        topic=session.topic,
        starts=clock.wall(session.starts_at, session.zone),
        ends=clock.wall(session.ends_at, session.zone),
        room=room,
        role=shift.role.value,
        state=shift.state.value,
        relief=shift.relief.value if shift.relief else None,
        version=shift.version,
    )
