"""What to fill in for each way of changing a schedule. Gives the change once nothing is missing."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services import clock
from services.groups.schedules.changes import MAX_REASON, MAX_TOPIC
from services.groups.schedules.changing import Outline
from services.groups.schedules.parts import (
    Add,
    AddRound,
    Cancel,
    Change,
    ChangeRoom,
    Meeting,
    Move,
    MoveAll,
    PutBreak,
    Reshape,
    Restore,
    Shape,
    Swap,
)
from ui.components.form_fields import Room, choice, fresh, line
from ui.components.groups import schedule_words
from ui.components.groups.new_group_dates import WEEKDAYS
from ui.components.groups.pairs.words import SHAPES

_NO_ROOM = ""
_QUARTER_HOUR = 900


def ask(kind: str, found: Outline, ref: str) -> Change | None:
    """The change as it is filled in so far; None while something is missing."""
    return _ASK[kind](found, ref)


def _move(found: Outline, ref: str) -> Change | None:
    one = _session(found, ref, "move_which", "Which session")
    if one is None:
        return None
    left, right = st.columns(2)
    day = _day(left, "New day", one.starts.date(), f"move_day_{one.ref}", ref)
    start = _time(right, "Starts at", one.starts.time(), f"move_time_{one.ref}", ref)
    if day is None or start is None or (starts := datetime.combine(day, start)) == one.starts:
        return None
    return Move(one.ref, starts)


def _move_all(found: Outline, ref: str) -> Change | None:
    one = _session(found, ref, "all_which", "From which session on")
    if one is None:
        return None
    left, right = st.columns(2)
    day = _day(left, "First day", one.starts.date(), f"all_day_{one.ref}", ref)
    start = _time(right, "Starts at", one.starts.time(), f"all_time_{one.ref}", ref)
    days = st.pills(
        "Weekdays",
        range(7),
        format_func=WEEKDAYS.__getitem__,
        selection_mode="multi",
        default=list(found.schedule.rhythm.weekdays),
        key=fresh("all_weekdays", ref),
    )
    if day is None or start is None or not days:
        return None
    return MoveAll(one.ref, day, tuple(days), start)


def _cancel(found: Outline, ref: str) -> Change | None:
    one = _session(found, ref, "cancel_which", "Which session")
    reason = line(
        st, {}, "cancel_reason", "Why, in neutral words (kept encrypted)", ref, max_chars=MAX_REASON
    )
    keeps = st.radio(
        "What becomes of the series",
        [True, False],
        format_func=lambda keeps: (
            "It keeps its length: a session is added at the end"
            if keeps
            else "It gets shorter by one, and this topic is left out"
        ),
        key=fresh("cancel_length", ref),
    )
    if one is None or not reason.strip():
        return None
    return Cancel(one.ref, reason, bool(keeps))


def _restore(found: Outline, ref: str) -> Change | None:
    cancelled = {one.ref: one for one in found.schedule.meetings if not one.takes_place}
    if not cancelled:
        st.info("No session of this group was cancelled.")
        return None
    names = {one.ref: schedule_words.session(one) for one in cancelled.values()}
    chosen = choice({}, "restore_which", "Which session", names, ref, index=None)
    if chosen is None:
        return None
    # Its topic was carried on to a later session: the one added for it at the end is not needed.
    was_carried_on = any(
        one.is_planned and one.topic == cancelled[chosen].topic for one in found.schedule.meetings
    )
    drops = st.radio(
        "What becomes of the series",
        [True, False],
        index=0 if was_carried_on else 1,
        format_func=lambda drops: (
            "It keeps its length: the last session goes" if drops else "It gets longer by one"
        ),
        key=fresh(f"restore_length_{chosen}", ref),
    )
    return Restore(chosen, bool(drops))


def _shape(found: Outline, ref: str) -> Change | None:
    one = _session(found, ref, "shape_which", "Which session")
    shape = choice({}, "shape_how", "Parents and children are", SHAPES, ref, index=None)
    return Reshape(one.ref, Shape(shape)) if one and shape else None


def _add(found: Outline, ref: str) -> Change | None:
    rhythm = found.schedule.rhythm
    first = max(clock.today(), found.schedule.live[0].starts.date())
    usual = datetime.combine(first, rhythm.start)
    left, middle, right = st.columns(3)
    day = _day(left, "Day", None, "add_day", ref)
    start = _time(middle, "Starts at", usual.time(), "add_start", ref)
    usual_end = (usual + timedelta(minutes=rhythm.minutes)).time()
    end = _time(right, "Ends at", usual_end, "add_end", ref)
    topic = line(st, {}, "add_topic", "Topic", ref, max_chars=MAX_TOPIC)
    if day is None or start is None or end is None or not topic.strip():
        return None
    lasts = datetime.combine(day, end) - datetime.combine(day, start)
    return Add(datetime.combine(day, start), int(lasts.total_seconds() // 60), topic)


def _round(found: Outline, _ref: str) -> Change | None:
    topics = len(found.schedule.round)
    st.caption(
        f"All {topics} topics once more, after the last session there is, on the same weekdays."
    )
    return AddRound()


def _swap(found: Outline, ref: str) -> Change | None:
    one = _session(found, ref, "swap_one", "The topic of session")
    other = _session(found, ref, "swap_other", "changes places with that of")
    return Swap(one.ref, other.ref) if one and other else None


def _break(_found: Outline, ref: str) -> Change | None:
    left, right = st.columns(2)
    first = _day(left, "First day without sessions", None, "break_first", ref)
    last = _day(right, "Last day without sessions", None, "break_last", ref)
    return PutBreak(first, last) if first and last else None


def _room(found: Outline, ref: str) -> Change | None:
    if not found.rooms:
        st.info("There are no rooms yet. Add them under Rooms, below the list of groups.")
        return None
    rooms = {_NO_ROOM: "No room", **found.rooms}
    room = choice({}, "room_which", "Room", rooms, ref, index=None)
    for_all = st.radio(
        "For",
        [True, False],
        format_func=lambda for_all: "all sessions still to come" if for_all else "one session",
        key=fresh("room_for", ref),
    )
    one = None if for_all else _session(found, ref, "room_session", "Which session")
    if room is None or (one is None and not for_all):
        return None
    return ChangeRoom(room or None, one.ref if one else None)


_ASK: dict[str, Callable[[Outline, str], Change | None]] = {
    "move": _move,
    "move_all": _move_all,
    "cancel": _cancel,
    "add": _add,
    "round": _round,
    "swap": _swap,
    "break": _break,
    "room": _room,
    "restore": _restore,
    "shape": _shape,
}


def _session(found: Outline, ref: str, field: str, label: str) -> Meeting | None:
    """One of the sessions that are still planned."""
    planned = {one.ref: one for one in found.schedule.meetings if one.is_planned}
    names = {one.ref: schedule_words.session(one) for one in planned.values()}
    room: Room = {}
    chosen = choice(room, field, label, names, ref, index=None)
    return planned[chosen] if chosen else None


def _day(
    place: DeltaGenerator, label: str, value: date | None, field: str, ref: str
) -> date | None:
    chosen: date | None = place.date_input(
        label, value=value, format="DD/MM/YYYY", key=fresh(field, ref)
    )
    return chosen


def _time(place: DeltaGenerator, label: str, value: time, field: str, ref: str) -> time | None:
    chosen: time | None = place.time_input(
        label, value=value, step=_QUARTER_HOUR, key=fresh(field, ref)
    )
    return chosen
