"""The forms for when a volunteer can come: weekly hours, days away, more hours on one day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from services import clock
from services.volunteers.availability.changes import WEEKDAYS, said
from services.volunteers.availability.hours import Hours
from ui.components import words
from ui.components.form_fields import Room, choice, date_field, fresh, needed, saving

_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Doors:
    """The services by which a form changes somebody's hours: her coordinator's, or her own."""

    ref: str
    add_hours: Callable[..., object]
    remove_hours: Callable[..., object]
    add_away: Callable[..., object]
    add_extra: Callable[..., object]
    remove_exception: Callable[..., object]


def in_words(hours: str) -> str:
    """What an exception is: away, or more hours."""
    return f"More hours, {hours}" if hours else "Away"


def add_hours(doors: Doors) -> None:
    """The same hours on one or several weekdays."""
    room: Room = {}
    with st.form(fresh("hours", doors.ref), border=False):
        weekdays = st.pills(
            "On",
            list(range(len(WEEKDAYS))),
            selection_mode="multi",
            format_func=WEEKDAYS.__getitem__,
            key=fresh("weekdays", doors.ref),
        )
        room["weekdays"] = st.empty()
        starts, ends = _from_to(room, "hours", doors.ref)
        pressed = st.form_submit_button("Add these hours", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: doors.add_hours(db, weekdays=weekdays, starts=starts, ends=ends),
            "The hours are kept.",
        )


def remove_hours(doors: Doors, hours: Sequence[Hours]) -> None:
    """Hours of one weekday."""
    names = {
        f"{each.weekday} {each.starts} {each.ends}": f"{WEEKDAYS[each.weekday]}, {said(each)}"
        for each in hours
    }
    room: Room = {}
    with st.form(fresh("hours_out", doors.ref), border=False):
        chosen = choice(room, "gone", "Hours", names, doors.ref, index=None)
        pressed = st.form_submit_button("Remove them")
    if pressed:

        def act(db: Any) -> None:
            gone = needed(chosen, "gone", "Choose the hours to take out.")
            doors.remove_hours(db, Hours(*map(int, gone.split())))

        _keep(room, act, "The hours are out.")


def add_away(doors: Doors) -> None:
    """Days on which she cannot come."""
    room: Room = {}
    with st.form(fresh("away", doors.ref), border=False):
        first = _day(room, "first", "First day", doors.ref)
        last = _day(room, "last", "Last day", doors.ref)
        pressed = st.form_submit_button("Keep these days away", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: doors.add_away(db, first=first, last=last),
            "The days away are kept.",
        )


def add_extra(doors: Doors) -> None:
    """Hours on one day beside her usual ones."""
    room: Room = {}
    with st.form(fresh("extra", doors.ref), border=False):
        on = _day(room, "on", "Day", doors.ref)
        starts, ends = _from_to(room, "extra", doors.ref)
        pressed = st.form_submit_button("Add these hours", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: doors.add_extra(db, on=on, starts=starts, ends=ends),
            "The hours are kept.",
        )


def remove_exception(doors: Doors, exceptions: pd.DataFrame) -> None:
    """Days away or more hours that no longer hold."""
    names = {
        ref: f"{words.day(first)}: {in_words(hours)}"
        for ref, first, hours in zip(
            exceptions["ref"], exceptions["first"], exceptions["hours"], strict=True
        )
    }
    room: Room = {}
    with st.form(fresh("exception_out", doors.ref), border=False):
        chosen = choice(room, "gone_exception", "Which", names, doors.ref, index=None)
        pressed = st.form_submit_button("Remove it")
    if pressed:

        def act(db: Any) -> None:
            gone = needed(chosen, "gone_exception", "Choose what to take out.")
            doors.remove_exception(db, gone)

        _keep(room, act, "It is out.")


def _keep(room: Room, act: Callable[[Any], object], message: str) -> None:
    """One change, with its faults at their fields."""
    with saving(message, room) as db:
        act(db)


def _from_to(room: Room, name: str, ref: str) -> tuple[time, time]:
    one, other = st.columns(2)
    starts = one.time_input("From", time(10), step=_STEP, key=fresh(f"{name}_from", ref))
    ends = other.time_input(
        "Until", time(12), step=_STEP, key=fresh(f"{name}_until", ref), help="Midnight: 00:00"
    )
    room["starts"], room["ends"] = one.empty(), other.empty()
    return starts, ends


def _day(room: Room, field: str, label: str, ref: str) -> date:
    return date_field(st, room, field, label, ref, key=f"day_{field}", value=clock.today())
