"""Changing a group's schedule: first what would change and who must be told, then the change."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    OPEN_STATES,
    SEATED_PLACES,
    Account,
    Facilitation,
    Group,
    GroupSession,
    Place,
    Placement,
    SessionState,
    Volunteer,
)
from services import audit, clock, feedback, scheduling
from services.errors import ConflictError, InvalidInputError
from services.groups.pairs.halves import linked
from services.groups.schedules import changes, clashes, effects, order, stored
from services.groups.schedules.clashes import Clash, Slot
from services.groups.schedules.parts import NEW, Change, Line, Meeting, Schedule
from services.groups.schedules.stored import Stored
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission
from services.placing import placing

CHANGED_MEANWHILE = (
    "This group's schedule or one of its sessions was changed while you had it open. "
    "Look at what would change now, and confirm again."
)
ENDED = "This group has ended, so its schedule stays as it was."


@dataclass(frozen=True, slots=True)
class Told:
    """Who must be told of a change. Participants are counted, for a lead sees no names."""

    participants: int
    facilitators: tuple[str, ...]
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do; `version` is what it was worked out from."""

    lines: tuple[Line, ...]
    ends: tuple[date, date]  # before and after
    offered: tuple[int, int]
    to_complete: tuple[int, int]
    marked_ahead: int  # marks made ahead for sessions that are moved or cancelled
    told: Told
    clashes: tuple[Clash, ...]
    warnings: tuple[str, ...]
    rooms: dict[str, str]  # reference to name
    version: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What there is to change: a group's sessions and rhythm, the rooms, and its version."""

    schedule: Schedule
    rooms: dict[str, str]
    version: int
    has_ended: bool  # and so nothing of it is to be changed any more


def outline(db: Session, actor: Actor, group_ref: str) -> Outline:
    """A group's schedule, to choose from what is to change."""
    actor.require(Permission.EDIT_GROUPS)
    found = stored.read(db, actor, group_ref)
    rooms = _room_names(found, only_active=True)
    return Outline(found.schedule, rooms, found.version, _has_ended(found))


def preview(
    db: Session,
    actor: Actor,
    group_ref: str,
    change: Change,
    *,
    with_other_half: bool = False,
    between: tuple[Clash, ...] = (),
) -> Preview:
    """What a change would make different, session by session, and who must be told.

    `with_other_half`: the other half of its pair changes with it, so that what it has now is no
    clash; what both will need at once stands in `between`. Changes nothing. Raises
    InvalidInputError at `change` with a sentence if it cannot be made, or where a new room lies
    where somebody of the group must not go, whoever that is.
    """
    actor.require(Permission.EDIT_GROUPS)
    found = stored.read(db, actor, group_ref)
    after = resulting(found, change)
    _refuse_unsafe(db, found, after)
    group, before = found.group, found.schedule
    return Preview(
        lines=changes.lines(before, after),
        ends=(group.ends_on, after.live[-1].starts.date()),
        offered=(group.sessions_offered, len(after.live)),
        to_complete=(group.sessions_to_complete, effects.to_complete(db, group, len(after.live))),
        marked_ahead=effects.marked_ahead(db, [row.id for row in _unsettled(found, after)]),
        told=_told(db, group),
        clashes=between + _clashes(db, found, after, with_other_half=with_other_half),
        warnings=changes.warnings(before, after),
        rooms=_room_names(found),
        version=found.version,
    )


def apply(
    db: Session,
    actor: Actor,
    group_ref: str,
    change: Change,
    *,
    version: int,
    despite: str = "",
    with_other_half: bool = False,
    between: tuple[Clash, ...] = (),
) -> None:
    """Make a change as it was previewed. `despite` is the reason where something clashes.

    Raises what `preview` does, and ConflictError when the group or one of its sessions has changed
    since `version`, so that the same change sent twice is made once.
    """
    actor.require(Permission.EDIT_GROUPS)
    found = stored.read_locked(db, actor, group_ref)
    if found.version != version:
        raise ConflictError(CHANGED_MEANWHILE)
    after = resulting(found, change)
    _refuse_unsafe(db, found, after)
    clash = between + _clashes(db, found, after, with_other_half=with_other_half)
    reason = clashes.weighed(clash, despite)
    group, began = found.group, found.group.starts_on
    moved = _unsettled(found, after)
    cancelled = {one.ref for one in found.schedule.meetings if not one.takes_place}
    with effects.counts_following(db, group, new_start=after.live[0].starts.date()):
        group.sessions_to_complete = effects.to_complete(db, group, len(after.live))
        stored.write(db, found, after, despite=reason)
        effects.move_first_days(db, group, began)
        for row in moved:
            if row.state is SessionState.CANCELLED:
                effects.mark_cancelled(db, group, row, by=actor)
            elif row.ref in cancelled:
                effects.unmark_cancelled(db, row, by=actor)
        feedback.follow(db, moved)
    audit.record(
        db, actor, "schedule.changed", f"group:{group.ref}", change=type(change).__name__,
        sessions=len(changes.lines(found.schedule, after)), clashes=reason is not None,
    )  # fmt: skip


def resulting(found: Stored, change: Change) -> Schedule:
    """The schedule a change makes of the one there is. Raises InvalidInputError at `change`."""
    if _has_ended(found):
        raise ConflictError(ENDED)
    room = getattr(change, "room", None)
    if room is not None and room not in found.rooms:
        raise InvalidInputError({"change": "Choose a room from the list."})
    try:
        return changes.changed(found.schedule, change)
    except ValueError as error:
        raise InvalidInputError({"change": str(error)}) from error


def _has_ended(found: Stored) -> bool:
    return found.group.state not in OPEN_STATES


def _unsettled(found: Stored, after: Schedule) -> list[GroupSession]:
    """The sessions there are that stand at another time after a change, or are cancelled by it."""
    earlier = {one.ref: one for one in found.schedule.meetings}
    return [
        found.rows[one.ref]
        for one in after.meetings
        if one.ref != NEW
        and ((was := earlier[one.ref]).starts, was.state) != (one.starts, one.state)
    ]


def _clashes(
    db: Session, found: Stored, after: Schedule, *, with_other_half: bool
) -> tuple[Clash, ...]:
    """What is needed twice at the times or in the rooms that are new."""
    earlier = {one.ref: one for one in found.schedule.meetings}
    retimed = {one.ref for _was, one in order.retimed(found.schedule, after)}
    slots = [
        _slot(found, one)
        for one in after.meetings
        if one.ref in retimed
        or (one.is_planned and one.room is not None and one.room != earlier[one.ref].room)
    ]
    query = select(Facilitation.account_id).where(
        Facilitation.group_id == found.group.id, runs_now()
    )
    half = linked(db, found.group.id) if slots else None
    return clashes.found(
        db,
        slots,
        facilitators=db.scalars(query).all(),
        group_id=found.group.id,
        without=(half.other_id,) if half and with_other_half else (),
        beside=half.other_id if half else None,
    )


def _refuse_unsafe(db: Session, found: Stored, after: Schedule) -> None:
    """No session moves to a room where somebody must not go; where it meets already is no move."""
    added = _areas(found, after) - _areas(found, found.schedule)
    if added and placing.for_everybody(db, found.group.id, added) is placing.Answer.HARD:
        raise InvalidInputError({"change": placing.NOT_THERE})


def _areas(found: Stored, schedule: Schedule) -> set[str]:
    used = {one.room for one in schedule.meetings if one.is_planned and one.room is not None}
    return {area for ref in used if (area := found.rooms[ref].area)}


def _slot(found: Stored, one: Meeting) -> Slot:
    return Slot(
        scheduling.instant(one.starts, "start"),
        scheduling.instant(one.ends, "end"),
        found.room_id(one.room),
    )


def _told(db: Session, group: Group) -> Told:
    seated = select(func.count()).where(Place.group_id == group.id, Place.state.in_(SEATED_PLACES))
    run = (
        select(Account.display_name)
        .join(Facilitation, Facilitation.account_id == Account.id)
        .where(Facilitation.group_id == group.id, runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    )
    helped = (
        select(Volunteer.first_name)
        .join(Placement, Placement.volunteer_id == Volunteer.id)
        .where(
            Placement.group_id == group.id,
            Placement.ends_on.is_(None) | (Placement.ends_on >= clock.today()),
        )
        .order_by(Placement.id)
    )
    return Told(
        participants=db.scalar(seated) or 0,
        facilitators=tuple(db.scalars(run)),
        volunteers=tuple(dict.fromkeys(db.scalars(helped))),
    )


def _room_names(found: Stored, *, only_active: bool = False) -> dict[str, str]:
    rooms = sorted(found.rooms.values(), key=lambda room: room.name)
    return {room.ref: room.name for room in rooms if room.is_active or not only_active}
