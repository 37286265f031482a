"""Free seats and who waits for them: offering one, and recording what she answers."""

import pandas as pd
import streamlit as st

from models import PlaceState
from services.clock import today
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.places import offers, places, seats
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
from ui.components.placing.weighing import explain_placing, reasons
from ui.components.words import day, literal

_OFFER, _SEAT = "Offer her the seat", "She has said yes: give her the seat now"


def answer_offer(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """What somebody to whom a seat is offered says."""
    offered = frame[in_states(frame, [PlaceState.OFFERED])]
    names, versions = names_of(offered), versions_of(offered)
    room: Room = {}
    key = f"{group_ref}_answer"
    with st.form(fresh("answer", group_ref), border=False):
        st.caption("An offer that is not answered in time passes on to the next by itself.")
        chosen = choice(room, "place", "Who answers", names, key, index=None)
        says = st.radio(
            "She says", ["Yes", "No"], index=None, horizontal=True, key=fresh("says", key)
        )
        room["says"] = st.empty()
        reason = line(st, room, "reason", "If no: why, in neutral words (optional)", key)
        why = reasons(room, key)
        pressed = st.form_submit_button("Record her answer", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose whose answer this is.")
            answer = needed(says, "says", "Choose what she says.")
            version = seen()[place]
            if answer == "Yes":
                offers.accept(db, actor, place, version=version, **why)
                message = f"{literal(names[place])} has a place."
            else:
                next_one = offers.decline(db, actor, place, version=version, reason=reason)
                message = "Her answer is recorded."
                message += " The seat is offered to the next person who waits." if next_one else ""
    except AppError as error:
        explain_placing(error, room, ref=key)
    else:
        done(message)
        st.rerun()


def offer_seat(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """Offer a seat to somebody who waits, or give her one at once."""
    waiting = frame[in_states(frame, [PlaceState.WAITING])]
    names, versions = names_of(waiting), versions_of(waiting)
    with reading() as db:
        usual = seats.default_until(db)
    room: Room = {}
    key = f"{group_ref}_waiting"
    with st.form(fresh("take_up", group_ref), border=False):
        st.caption(
            "Whoever waits longest is offered a free seat by itself, unless there is something to "
            "weigh, this group is not the right one for her, or she did not answer an offer before."
        )
        chosen = choice(room, "place", "Who", names, key, index=None)
        how = st.radio("How", [_OFFER, _SEAT], key=fresh("how", key))
        until = date_field(
            st,
            room,
            "until",
            "Held for her up to and with this day",
            key,
            value=usual,
            min_value=today(),
        )
        why = reasons(room, key)
        pressed = st.form_submit_button("Do this", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose who is to have the seat.")
            version = seen()[place]
            if how == _SEAT:
                places.take_up(db, actor, place, version=version, **why)
                message = f"{literal(names[place])} has a place."
            else:
                last = offers.offer(db, actor, place, version=version, until=until, **why)
                message = f"The seat is held for {literal(names[place])} until {day(last)}."
    except AppError as error:
        explain_placing(error, room, ref=key)
    else:
        done(message)
        st.rerun()


def change_capacity(actor: Actor, group_ref: str, capacity: int, version: int) -> None:
    """How many seats the group has."""
    room: Room = {}
    with st.form(fresh("capacity", group_ref), border=False):
        wanted = st.number_input(
            "Places", value=capacity, step=1, key=fresh("capacity_number", group_ref)
        )
        room["capacity"] = st.empty()
        pressed = st.form_submit_button("Change the number", on_click=keep, args=(version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            offered = places.change_capacity(db, actor, group_ref, int(wanted), version=seen())
    except AppError as error:
        explain(error, room)
    else:
        after = f" Offered to those who wait: {offered}." if offered else ""
        done(f"The group has {wanted} places now.{after}")
        st.rerun()
