"""What a change makes of a group's schedule: pure rules, with no database in sight.

Sessions that take place are numbered without gaps in order of time. A session that was held keeps
its day, time and topic whatever happens to the others; a cancelled one keeps the number it had.
Times are the clock on the wall, so ten o'clock stays ten o'clock in summer and winter.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services import scheduling
from services.groups.schedules import order
from services.groups.schedules.parts import (
    NEW,
    Add,
    AddRound,
    Cancel,
    Change,
    ChangeRoom,
    Line,
    Meeting,
    Move,
    MoveAll,
    PutBreak,
    Reshape,
    Restore,
    Schedule,
    Shape,
    Standing,
    Swap,
)
from services.scheduling import LONGEST_MINUTES, MOST_SESSIONS

MAX_TOPIC = 200
MAX_REASON = 500


def changed(schedule: Schedule, change: Change) -> Schedule:
    """The schedule after a change. Raises ValueError with a plain sentence if it cannot be."""
    after = _MAKE[type(change)](schedule, change)
    after = replace(after, meetings=order.numbered(after.meetings))
    order.check_times(schedule, after)
    if after == schedule:
        raise ValueError("Nothing would change: the schedule is so already.")
    return after


def lines(before: Schedule, after: Schedule) -> tuple[Line, ...]:
    """What a change makes different, session by session, in the order they take place then."""
    earlier = {one.ref: one for one in before.meetings}
    pairs = ((earlier.get(one.ref), one) for one in after.meetings)
    return tuple(Line(was, one) for was, one in pairs if was != one)


def warnings(before: Schedule, after: Schedule) -> tuple[str, ...]:
    """A sentence for each new time that is on a bank holiday or in a break of the group's."""
    rhythm = after.rhythm
    return tuple(
        f"{order.spoken(one.starts)} is a bank holiday in {rhythm.region} or in a break."
        for _was, one in order.retimed(before, after)
        if scheduling.passed_over(one.starts.date(), rhythm.breaks, rhythm.region)
    )


# --- The changes -----------------------------------------------------------------------------


def _move(schedule: Schedule, change: Move) -> Schedule:
    one = order.planned(schedule, change.ref, "moved")
    order.check_day(change.starts.date())
    moved_from = one.starts if one.moved_from is None else one.moved_from
    moved = replace(
        one,
        starts=change.starts,
        moved_from=None if change.starts == moved_from else moved_from,
    )
    for other in schedule.meetings:
        if other.ref != one.ref and not other.takes_place and other.overlaps(moved):
            raise ValueError(
                f"The session on {order.spoken(other.starts)} was cancelled at that time. "
                "Choose another day or time."
            )
    return order.in_order_of_topics(schedule, {one.ref: moved})


def _move_all(schedule: Schedule, change: MoveAll) -> Schedule:
    first = order.planned(schedule, change.ref, "moved")
    coming = [one for one in schedule.live if one.starts >= first.starts]
    for one in coming:
        order.refuse_unless_planned(one, "moved")
    rhythm = replace(
        schedule.rhythm,
        first=change.first,
        weekdays=tuple(sorted(change.weekdays)),
        start=change.start,
    )
    new_times = scheduling.plan_sessions(
        rhythm.first,
        rhythm.weekdays,
        rhythm.start,
        first.minutes,
        len(coming),
        skip=rhythm.breaks,
        interval_weeks=rhythm.interval_weeks,
        region=rhythm.region,
    )
    moved = {
        one.ref: replace(one, starts=new.starts_at.replace(tzinfo=None), moved_from=None)
        for one, new in zip(coming, new_times, strict=True)
    }
    return replace(order.in_order_of_topics(schedule, moved), rhythm=rhythm)


def _cancel(schedule: Schedule, change: Cancel) -> Schedule:
    one = order.planned(schedule, change.ref, "cancelled")
    reason = change.reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise ValueError(f"Say why the session is cancelled, in up to {MAX_REASON} letters.")
    cancelled = replace(one, state=Standing.CANCELLED, reason=reason)
    if change.keeps_length:
        (starts,) = order.next_times(schedule, schedule.rhythm, 1)
        extra = Meeting(
            NEW, one.number, one.topic, starts, schedule.rhythm.minutes, room=schedule.room
        )
        return order.in_order_of_topics(schedule, {one.ref: cancelled}, extra)
    if len(schedule.live) == 1:
        raise ValueError(
            "This is the group's only session. Add another one first, or cancel the whole group."
        )
    return order.with_others(schedule, {one.ref: cancelled})


def _add(schedule: Schedule, change: Add) -> Schedule:
    order.check_day(change.starts.date())
    _check_room_for(schedule, 1)
    if not 1 <= change.minutes <= LONGEST_MINUTES:
        raise ValueError(f"The session must end 1 to {LONGEST_MINUTES} minutes after it starts.")
    topic = change.topic.strip()
    if not topic or len(topic) > MAX_TOPIC:
        raise ValueError(f"Say what the session is about, in up to {MAX_TOPIC} letters.")
    shape = Shape.APART if is_paired(schedule) else None
    extra = Meeting(NEW, 1, topic, change.starts, change.minutes, room=schedule.room, shape=shape)
    return order.with_others(schedule, {}, extra)


def _add_round(schedule: Schedule, _change: AddRound) -> Schedule:
    if not schedule.round:
        raise ValueError("This group ends with its topics. Add a single session, or make a group.")
    _check_room_for(schedule, len(schedule.round))
    minutes, room = schedule.rhythm.minutes, schedule.room
    times = order.next_times(schedule, schedule.rhythm, len(schedule.round))
    more = [
        Meeting(NEW, 1, topic, starts, minutes, room=room)
        for topic, starts in zip(schedule.round, times, strict=True)
    ]
    return order.with_others(schedule, {}, *more)


def _check_room_for(schedule: Schedule, more: int) -> None:
    if len(schedule.live) + more > MOST_SESSIONS:
        raise ValueError(f"A group has at most {MOST_SESSIONS} sessions. Make another group.")


def _swap(schedule: Schedule, change: Swap) -> Schedule:
    if change.ref == change.other:
        raise ValueError("Choose two different sessions to swap their topics.")
    one = order.planned(schedule, change.ref, "given another topic")
    other = order.planned(schedule, change.other, "given another topic")
    swapped = {
        one.ref: replace(one, topic=other.topic, shape=other.shape),
        other.ref: replace(other, topic=one.topic, shape=one.shape),
    }
    return order.with_others(schedule, swapped)


def _put_break(schedule: Schedule, change: PutBreak) -> Schedule:
    order.check_day(change.first)
    order.check_day(change.last)
    if change.last < change.first:
        raise ValueError("The break ends before it begins. Choose a later last day.")
    within = [one for one in schedule.live if change.first <= one.starts.date() <= change.last]
    for one in within:
        order.refuse_unless_planned(one, "moved out of a break")
    breaks = tuple(sorted({*schedule.rhythm.breaks, (change.first, change.last)}))
    rhythm = replace(schedule.rhythm, breaks=breaks)
    times = order.next_times(schedule, rhythm, len(within))
    moved = {
        one.ref: replace(one, starts=starts, moved_from=None)
        for one, starts in zip(within, times, strict=True)
    }
    return replace(order.in_order_of_topics(schedule, moved), rhythm=rhythm)


def _change_room(schedule: Schedule, change: ChangeRoom) -> Schedule:
    if change.ref is not None:
        one = order.planned(schedule, change.ref, "given another room")
        return order.with_others(schedule, {one.ref: replace(one, room=change.room)})
    planned = [one for one in schedule.meetings if one.is_planned]
    in_it = {one.ref: replace(one, room=change.room) for one in planned}
    return replace(order.with_others(schedule, in_it), room=change.room)


def _restore(schedule: Schedule, change: Restore) -> Schedule:
    one = next((one for one in schedule.meetings if one.ref == change.ref), None)
    if one is None or one.takes_place:
        raise ValueError("Choose one of the cancelled sessions from the list.")
    later = next((other for other in schedule.live if other.starts > one.starts), None)
    if later is not None and not later.is_planned:
        raise ValueError(
            f"The session on {order.spoken(later.starts)} has been held since, so this one stays "
            "cancelled. Add an extra session instead."
        )
    back = replace(one, state=Standing.PLANNED, reason=None)
    if not change.drops_last:
        return order.with_others(schedule, {one.ref: back})
    last = schedule.live[-1]
    if not last.is_planned or last.starts < one.starts:
        raise ValueError("There is no session at the end that could go. Let the series get longer.")
    gone = replace(
        last,
        state=Standing.CANCELLED,
        reason=f"The session on {order.spoken(one.starts)} takes place after all.",
    )
    return order.in_order_of_topics(schedule, {one.ref: back, last.ref: gone})


def _reshape(schedule: Schedule, change: Reshape) -> Schedule:
    if not is_paired(schedule):
        raise ValueError("Only where parents and children have a group each are they together.")
    one = order.planned(schedule, change.ref, "held together or apart")
    return order.with_others(schedule, {one.ref: replace(one, shape=change.shape)})


def is_paired(schedule: Schedule) -> bool:
    """Whether these are the sessions of one half of a pair of groups."""
    return any(one.shape is not None for one in schedule.meetings)


_MAKE: dict[type[Change], Callable[[Schedule, Any], Schedule]] = {
    Move: _move,
    MoveAll: _move_all,
    Cancel: _cancel,
    Add: _add,
    AddRound: _add_round,
    Swap: _swap,
    PutBreak: _put_break,
    ChangeRoom: _change_room,
    Restore: _restore,
    Reshape: _reshape,
}
