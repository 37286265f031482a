"""Giving somebody a place in a group, and ending one early."""

import pandas as pd
import streamlit as st

from models import CURRENT_PLACES, PlaceState
from services import clock
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.places import places
from services.places.leaving_reasons import leaving_reasons
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.groups.places_frame import in_states, names_of, versions_of
from ui.components.people.find_participant import participants_named
from ui.components.placing.weighing import explain_placing, reasons
from ui.components.words import literal


def give_place(actor: Actor, group_ref: str) -> None:
    """Find somebody, and give her a place or a position on the waiting list."""
    names = participants_named(actor, "Find a participant", "give", group_ref)
    if not names:
        return
    room: Room = {}
    with st.form(fresh("give", group_ref)):
        person = st.radio(
            "Who", list(names), format_func=lambda ref: literal(names[ref]), index=None
        )
        room["person"] = st.empty()
        why = reasons(room, group_ref)
        pressed = st.form_submit_button("Give a place", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            chosen = needed(person, "person", "Choose who is to have the place.")
            given = places.enrol(db, actor, group_ref=group_ref, person_ref=chosen, **why)
    except AppError as error:
        explain_placing(error, room, ref=group_ref)
    else:
        waits = f"is number {given.waiting_position} on the waiting list: the group is full."
        done(f"{literal(names[chosen])} {waits if given.waiting_position else 'has a place.'}")
        st.rerun()


def end_place(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """End somebody's place before the group ends, with a reason if she gave one."""
    current = frame[in_states(frame, CURRENT_PLACES)]
    names, versions = names_of(current), versions_of(current)
    room: Room = {}
    with st.form(fresh("end", group_ref), border=False):
        # None chosen beforehand: one that has ended meanwhile must not turn into another.
        chosen = choice(room, "place", "Whose", names, group_ref, index=None)
        on = date_field(st, room, "left_on", "Last day", group_ref, value=clock.today())
        because = choice(
            room, "because", "Why, if she said so", dict(leaving_reasons()), group_ref, index=None
        )
        reason = line(st, room, "reason", "Anything to add, in neutral words", group_ref)
        pressed = st.form_submit_button("End the place", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose whose place ends.")
            version = seen()[place]
            offered = places.leave(
                db, actor, place, on=on, because=because, reason=reason, version=version
            )
    except AppError as error:
        explain(error, room)
    else:
        if offered:
            after = " The seat is offered to the next person who waits."
        elif frame["state"].eq(PlaceState.WAITING.value).any():
            after = " Nobody who waits was offered the seat: see who may have it."
        else:
            after = ""
        done(f"The place has ended.{after}")
        st.rerun()
