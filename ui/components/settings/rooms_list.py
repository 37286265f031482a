"""The rooms groups meet in: the list, one of it to change, and a line to add another."""

from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.groups import rooms
from services.permissions import Actor
from ui.components.choose import choose_row
from ui.components.form_fields import Room, done, explain, fresh, keep, line, saving, seen
from ui.components.words import literal

_CHOSEN = "rooms_chosen"
_AREA = "First part of its postcode, if it is somewhere (NR2 4)"


def rooms_list(actor: Actor) -> None:
    """Every room by name; choosing one opens it for change."""
    with reading() as db:
        frame = rooms.listed(db, actor)
    st.write(
        "Names safe to say aloud. The address stays with the group's venue; the part of town is "
        "here so that nobody is placed where she must not go."
    )
    if not frame.empty:
        st.caption("Choose a room to rename it or to switch it off.")
        columns = {
            "name": "Room",
            "area": "Part of town",
            "is_active": st.column_config.CheckboxColumn("In use"),
        }
        chosen = choose_row(frame, columns, key="rooms_list", alt="Rooms")
        if chosen is not None:
            st.session_state[_CHOSEN] = chosen["ref"]
    found = frame[frame["ref"] == st.session_state.get(_CHOSEN, "")]
    if not found.empty:
        _change(actor, found.iloc[0])
    _add(actor)


def _change(actor: Actor, one: "pd.Series[Any]") -> None:
    ref: str = one["ref"]
    room: Room = {}
    with st.form(fresh("room", ref)):
        st.markdown(f"**{literal(one['name'])}**")
        name = line(st, room, "name", "Name", ref, value=one["name"], max_chars=rooms.MAX_NAME)
        in_area = line(
            st, room, "area", _AREA, ref, value=one["area"] or "", max_chars=rooms.MAX_AREA
        )
        is_active = st.toggle(
            "In use", value=bool(one["is_active"]), key=fresh("room_in_use", ref),
            help="Switched off, it stays with the sessions planned there.",
        )  # fmt: skip
        pressed = st.form_submit_button(
            "Save this room", on_click=keep, args=(int(one["version"]),)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            rooms.change(
                db, actor, ref, name=name, in_area=in_area, is_active=is_active, version=seen()
            )
    except AppError as error:
        explain(error, room)
    else:
        del st.session_state[_CHOSEN]
        done("The room is changed.")
        st.rerun()


def _add(actor: Actor) -> None:
    room: Room = {}
    with st.form(fresh("new_room"), border=False):
        name = line(st, room, "name", "Another room", "new_room", max_chars=rooms.MAX_NAME)
        in_area = line(st, room, "area", _AREA, "new_room", max_chars=rooms.MAX_AREA)
        pressed = st.form_submit_button("Add the room")
    if not pressed:
        return
    with saving("The room can be chosen now.", room) as db:
        rooms.add(db, actor, name, in_area)
