"""The part of the settings about the kinds of help the service offers."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services import interventions
from services.db import reading, transaction
from services.errors import AppError
from services.interventions import MAX_NAME, InterventionDraft
from services.permissions import Actor
from ui.components.choose import choose_row
from ui.components.folded import folded
from ui.components.form_fields import Room, done, explain, fresh, keep, line, seen
from ui.components.words import literal


def interventions_section(actor: Actor) -> None:
    """The list in order, one of it to change, and a line to add another."""
    st.header("Interventions", anchor=False)
    st.write("The kinds of help you offer. Referrals and plans choose from this list.")
    with reading() as db:
        frame = interventions.listed(db, actor)
    st.caption("Choose a line to rename it, move it or switch it off.")
    columns = {
        "position": "Place",
        "name": "Intervention",
        "is_active": st.column_config.CheckboxColumn("Offered"),
    }
    chosen = choose_row(frame, columns, key="interventions_list", alt="Interventions")
    if chosen is not None:
        st.query_params["intervention"] = chosen["ref"]
    found = frame[frame["ref"] == st.query_params.get("intervention", "")]
    if not found.empty:
        _change(actor, found.iloc[0], last=len(frame))
    folded("Add an intervention", partial(_add, actor), key="new_intervention")


def _change(actor: Actor, one: "pd.Series[Any]", *, last: int) -> None:
    ref: str = one["ref"]
    room: Room = {}
    with st.form(fresh("intervention", ref)):
        st.subheader(literal(one["name"]), anchor=False)
        name = line(st, room, "name", "Name", ref, value=one["name"], max_chars=MAX_NAME)
        position = st.number_input(
            "Place in the list", 1, last, value=int(one["position"]), key=fresh("position", ref)
        )
        room["position"] = st.empty()
        is_active = st.toggle(
            "Offered for new referrals and plans",
            value=bool(one["is_active"]),
            help="Switched off, it stays in the records it was used in.",
            key=fresh("offered", ref),
        )
        pressed = st.form_submit_button(
            "Save this line", type="primary", on_click=keep, args=(int(one["version"]),)
        )
    if not pressed:
        return
    draft = InterventionDraft(name=name, position=int(position), is_active=is_active)
    try:
        with transaction() as db:
            interventions.change(db, actor, ref, draft, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("The list is changed.")
        del st.query_params["intervention"]
        st.rerun()


def _add(actor: Actor) -> None:
    room: Room = {}
    with st.form(fresh("new_intervention"), border=False):
        name = line(st, room, "name", "Name", "new_intervention", max_chars=MAX_NAME)
        pressed = st.form_submit_button("Add to the list")
    if not pressed:
        return
    try:
        with transaction() as db:
            interventions.add(db, actor, name)
    except AppError as error:
        explain(error, room)
    else:
        done("It is at the end of the list now.")
        st.rerun()
