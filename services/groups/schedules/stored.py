"""A group's schedule as it lies in the database: read as a whole, and written back changed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Group, GroupSession, Room, SessionShape, SessionState, new_ref
from services import clock, scheduling
from services.errors import NotFoundError
from services.groups.schedules import changes
from services.groups.schedules.parts import (
    NEW,
    Meeting,
    Rhythm,
    Schedule,
    Shape,
    Standing,
    rhythm_told_by,
)
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.visibility import visible_groups

# Above every number there is: numbers change hands without two sessions ever having the same. A
# session that takes place after all goes twice as far, past those that make way for it.
_OUT_OF_THE_WAY = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A schedule with the rows it was read from, and the rooms by their reference."""

    group: Group
    rows: dict[str, GroupSession]
    rooms: dict[str, Room]
    schedule: Schedule

    @property
    def version(self) -> int:
        """Counts up with every change to the group or any of its sessions."""
        return self.group.version + sum(row.version for row in self.rows.values())

    def room_id(self, ref: str | None) -> int | None:
        """The number of a room; nothing for no room."""
        return self.rooms[ref].id if ref is not None else None


def read(db: Session, actor: Actor, ref: str) -> Stored:
    """The schedule of a group this person may see."""
    actor.require(Permission.EDIT_GROUPS)
    group = db.scalar(
        select(Group)
        .where(Group.ref == ref, visible_groups(actor))
        .execution_options(populate_existing=True)
    )
    if group is None:
        raise NotFoundError("group")
    query = select(GroupSession).where(GroupSession.group_id == group.id)
    rows = db.scalars(
        query.order_by(GroupSession.starts_at, GroupSession.id).execution_options(
            populate_existing=True
        )
    ).all()
    rooms = {room.id: room for room in db.scalars(select(Room))}
    meetings = tuple(_meeting(row, rooms) for row in rows)
    programme = programmes.of_group(db, group)
    return Stored(
        group=group,
        rows={row.ref: row for row in rows},
        rooms={room.ref: room for room in rooms.values()},
        schedule=Schedule(
            meetings=meetings,
            rhythm=_rhythm(group, meetings),
            room=rooms[group.room_id].ref if group.room_id is not None else None,
            round=programme.topics if programme.goes_round else (),
        ),
    )


def read_locked(db: Session, actor: Actor, ref: str) -> Stored:
    """The same, with the group and its sessions held until the transaction ends."""
    actor.require(Permission.EDIT_GROUPS)
    hold(db, actor, ref)
    return read(db, actor, ref)


def hold(db: Session, actor: Actor, *refs: str) -> None:
    """Hold groups and their sessions until the transaction ends, in one order for everybody.

    Sessions come first, as where a register is marked: two who wait never wait for each other.
    """
    actor.require(Permission.EDIT_GROUPS)
    wanted = select(Group.id).where(Group.ref.in_(refs), visible_groups(actor))
    numbers = db.scalars(wanted).all()
    if len(numbers) != len(set(refs)):
        raise NotFoundError("group")
    sessions = select(GroupSession.id).where(GroupSession.group_id.in_(numbers))
    db.execute(sessions.order_by(GroupSession.id).with_for_update())
    groups = select(Group.id).where(Group.id.in_(numbers))
    db.execute(groups.order_by(Group.id).with_for_update())


def write(db: Session, stored: Stored, after: Schedule, *, despite: str | None) -> None:
    """Keep a changed schedule. `despite` is why its new times stand although something clashes."""
    lines = changes.lines(stored.schedule, after)
    for line in lines:
        if line.before is not None:
            _take_over(stored, stored.rows[line.after.ref], line.after, despite)
    keep_rhythm(stored.group, after.rhythm)
    stored.group.room_id = stored.room_id(after.room)
    db.flush()
    _give_numbers(db, stored, after, despite)
    stored.group.starts_on = after.live[0].starts.date()
    stored.group.ends_on = after.live[-1].starts.date()
    stored.group.sessions_offered = len(after.live)
    db.flush()


def _take_over(stored: Stored, row: GroupSession, one: Meeting, despite: str | None) -> None:
    """Everything of a session but the number it is to have."""
    if row.shape is not _kept_shape(one.shape):
        row.shape, row.despite = _kept_shape(one.shape), despite or row.despite
    row.topic = one.topic
    if clock.wall(row.starts_at, row.zone) != one.starts:
        row.starts_at = scheduling.instant(one.starts, "start")
        row.ends_at = scheduling.instant(one.ends, "end")
        row.local_start = one.starts
        row.despite = despite
    if _standing(row.state) is not one.state:
        if one.takes_place:  # the number it had belongs to another session by now
            row.number += 2 * _OUT_OF_THE_WAY
            row.despite = despite
        row.state = SessionState(one.state.value)
    row.moved_from = scheduling.instant(one.moved_from, "start") if one.moved_from else None
    row.cancelled_reason = one.reason
    if row.room_id != stored.room_id(one.room):
        row.room_id, row.despite = stored.room_id(one.room), despite
    row.sequence, row.changed_at = row.sequence + 1, clock.now()


def _give_numbers(db: Session, stored: Stored, after: Schedule, despite: str | None) -> None:
    renumbered = [
        (stored.rows[one.ref], one.number)
        for one in after.meetings
        if one.ref != NEW and stored.rows[one.ref].number != one.number
    ]
    numbers = [row.id for row, _number in renumbered]
    aside = update(GroupSession).where(GroupSession.id.in_(numbers))
    db.execute(
        aside.values(number=GroupSession.number + _OUT_OF_THE_WAY),
        execution_options={"synchronize_session": False},
    )
    for row, number in renumbered:
        row.number = number
    for one in after.meetings:
        if one.ref == NEW:
            db.add(_new_row(stored, one, despite))


def _new_row(stored: Stored, one: Meeting, despite: str | None) -> GroupSession:
    return GroupSession(
        ref=new_ref(),
        group_id=stored.group.id,
        number=one.number,
        topic=one.topic,
        shape=_kept_shape(one.shape),
        starts_at=scheduling.instant(one.starts, "start"),
        ends_at=scheduling.instant(one.ends, "end"),
        local_start=one.starts,
        state=SessionState.PLANNED,
        room_id=stored.room_id(one.room),
        despite=despite,
        changed_at=clock.now(),
    )


def _meeting(row: GroupSession, rooms: dict[int, Room]) -> Meeting:
    starts, ends = (clock.wall(at, row.zone) for at in (row.starts_at, row.ends_at))
    return Meeting(
        ref=row.ref,
        number=row.number,
        topic=row.topic,
        starts=starts,
        minutes=int((ends - starts).total_seconds() // 60),
        state=_standing(row.state),
        moved_from=clock.wall(row.moved_from, row.zone) if row.moved_from else None,
        room=rooms[row.room_id].ref if row.room_id is not None else None,
        reason=row.cancelled_reason,
        shape=Shape(row.shape.value) if row.shape is not None else None,
    )


def _kept_shape(shape: Shape | None) -> SessionShape | None:
    return SessionShape(shape.value) if shape is not None else None


def _standing(state: SessionState) -> Standing:
    """Moved is still planned."""
    return Standing.PLANNED if state is SessionState.MOVED else Standing(state.value)


def _rhythm(group: Group, meetings: tuple[Meeting, ...]) -> Rhythm:
    if (
        group.rhythm_from is None
        or group.weekdays is None
        or group.meets_at is None
        or group.minutes is None
    ):
        return rhythm_told_by(meetings)
    return Rhythm(
        first=group.rhythm_from,
        weekdays=tuple(int(day) for day in group.weekdays),
        start=group.meets_at,
        minutes=group.minutes,
        interval_weeks=group.interval_weeks,
        region=group.region,
        breaks=tuple(
            (date.fromisoformat(first), date.fromisoformat(last))
            for first, last in group.breaks or ()
        ),
    )


def keep_rhythm(group: Group, rhythm: Rhythm) -> None:
    """Write down the rhythm a group follows. No permission: a step of services that have asked."""
    group.rhythm_from = rhythm.first
    group.weekdays = "".join(map(str, rhythm.weekdays))
    group.meets_at = rhythm.start
    group.minutes = rhythm.minutes
    group.interval_weeks = rhythm.interval_weeks
    group.region = rhythm.region
    group.breaks = [[first.isoformat(), last.isoformat()] for first, last in rhythm.breaks]
