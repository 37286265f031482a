"""The forms for when a volunteer can come: weekly hours, days away, more hours on one day."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from services import clock
from services.availability import changes
from services.availability.changes import WEEKDAYS
from services.availability.hours import Hours
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers import VolunteerSummary
from ui.components import words
from ui.components.form_fields import Room, choice, done, explain, fresh, needed

_STEP = timedelta(minutes=15)


def in_words(hours: str) -> str:
    """What an exception is: away, or more hours."""
    return f"More hours, {hours}" if hours else "Away"


def add_hours(actor: Actor, one: VolunteerSummary) -> None:
    """The same hours on one or several weekdays."""
    room: Room = {}
    with st.form(fresh("hours", one.ref), border=False):
        weekdays = st.pills(
            "On",
            list(range(len(WEEKDAYS))),
            selection_mode="multi",
            format_func=WEEKDAYS.__getitem__,
            key=fresh("weekdays", one.ref),
        )
        room["weekdays"] = st.empty()
        starts, ends = _from_to(room, "hours", one.ref)
        pressed = st.form_submit_button("Add these hours", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: changes.add_hours(
                db, actor, one.ref, weekdays=weekdays, starts=starts, ends=ends
            ),
            "The hours are kept.",
        )


def remove_hours(actor: Actor, one: VolunteerSummary, hours: Sequence[Hours]) -> None:
    """Hours of one weekday."""
    names = {
        f"{each.weekday} {each.starts} {each.ends}": f"{WEEKDAYS[each.weekday]}, "
        f"{changes.said(each)}"
        for each in hours
    }
    room: Room = {}
    with st.form(fresh("hours_out", one.ref), border=False):
        chosen = choice(room, "gone", "Hours", names, one.ref, index=None)
        pressed = st.form_submit_button("Take them out")
    if pressed:

        def act(db: Any) -> None:
            gone = needed(chosen, "gone", "Choose the hours to take out.")
            changes.remove_hours(db, actor, one.ref, Hours(*map(int, gone.split())))

        _keep(room, act, "The hours are out.")


def add_away(actor: Actor, one: VolunteerSummary) -> None:
    """Days on which she cannot come."""
    room: Room = {}
    with st.form(fresh("away", one.ref), border=False):
        first = _day(room, "first", "First day", one.ref)
        last = _day(room, "last", "Last day", one.ref)
        pressed = st.form_submit_button("Note that she is away", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: changes.add_away(db, actor, one.ref, first=first, last=last),
            "It is noted that she is away.",
        )


def add_extra(actor: Actor, one: VolunteerSummary) -> None:
    """Hours on one day beside her usual ones."""
    room: Room = {}
    with st.form(fresh("extra", one.ref), border=False):
        on = _day(room, "on", "Day", one.ref)
        starts, ends = _from_to(room, "extra", one.ref)
        pressed = st.form_submit_button("Add these hours", type="primary")
    if pressed:
        _keep(
            room,
            lambda db: changes.add_extra(db, actor, one.ref, on=on, starts=starts, ends=ends),
            "The hours are kept.",
        )


def remove_exception(actor: Actor, one: VolunteerSummary, exceptions: pd.DataFrame) -> None:
    """Days away or more hours that no longer hold."""
    names = {
        ref: f"{words.day(first)}: {in_words(hours)}"
        for ref, first, hours in zip(
            exceptions["ref"], exceptions["first"], exceptions["hours"], strict=True
        )
    }
    room: Room = {}
    with st.form(fresh("exception_out", one.ref), border=False):
        chosen = choice(room, "gone_exception", "Which", names, one.ref, index=None)
        pressed = st.form_submit_button("Take it out")
    if pressed:

        def act(db: Any) -> None:
            gone = needed(chosen, "gone_exception", "Choose what to take out.")
            changes.remove_exception(db, actor, gone)

        _keep(room, act, "It is out.")


def _keep(room: Room, act: Callable[[Any], object], message: str) -> None:
    """One change, with its faults at their fields."""
    try:
        with transaction() as db:
            act(db)
    except AppError as error:
        explain(error, room)
    else:
        done(message)
        st.rerun()


def _from_to(room: Room, name: str, ref: str) -> tuple[time, time]:
    one, other = st.columns(2)
    starts = one.time_input("From", time(10), step=_STEP, key=fresh(f"{name}_from", ref))
    ends = other.time_input(
        "Until", time(12), step=_STEP, key=fresh(f"{name}_until", ref), help="Midnight: 00:00"
    )
    room["starts"], room["ends"] = one.empty(), other.empty()
    return starts, ends


def _day(room: Room, field: str, label: str, ref: str) -> date:
    on: date = st.date_input(
        label, value=clock.today(), format="DD/MM/YYYY", key=fresh(f"day_{field}", ref)
    )
    room[field] = st.empty()
    return on
