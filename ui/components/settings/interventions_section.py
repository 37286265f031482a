"""The part of the settings about the kinds of help the service offers."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.plans import interventions
from services.plans.interventions import MAX_NAME, InterventionDraft
from services.versions import Standing, Value, Values
from ui.components import versions
from ui.components.choose import choose_row
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, line, number_field, saving
from ui.components.versions import Record
from ui.components.words import literal

_LABELS = {
    "name": "Name",
    "position": "Place in the list",
    "is_active": "Offered for new referrals and plans",
}


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
        _change(actor, found.iloc[0])
    folded("Add an intervention", partial(_add, actor), key="new_intervention")


def _change(actor: Actor, row: "pd.Series[Any]") -> None:
    ref: str = row["ref"]
    values: dict[str, Value] = {
        "name": row["name"],
        "position": int(row["position"]),
        "is_active": bool(row["is_active"]),
    }
    st.subheader(literal(row["name"]), anchor=False)
    versions.change(
        Record(
            name=ref,
            what="line",
            labels=_LABELS,
            standing=Standing(int(row["version"]), values),
            drawn=fresh("name", ref),
            button="Save this line",
            saved="The list is changed.",
        ),
        partial(_fields, ref),
        partial(_save, actor, ref),
    )


def _fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    name = line(st, room, "name", _LABELS["name"], ref, value=str(now["name"]), max_chars=MAX_NAME)
    position = number_field(st, room, "position", _LABELS["position"], ref, value=_place(now))
    is_active = st.toggle(
        _LABELS["is_active"],
        value=bool(now["is_active"]),
        help="Switched off, it stays in the records it was used in.",
        key=fresh("offered", ref),
    )
    return {"name": name, "position": position, "is_active": is_active}


def _save(actor: Actor, ref: str, db: Any, mine: Values, before: Standing) -> None:
    draft = InterventionDraft(
        name=str(mine["name"]), position=_place(mine), is_active=bool(mine["is_active"])
    )
    interventions.change(db, actor, ref, draft, version=before.version)
    del st.query_params["intervention"]


def _place(values: Values) -> int:
    return int(str(values["position"]))


def _add(actor: Actor) -> None:
    room: Room = {}
    with st.form(fresh("new_intervention"), border=False):
        name = line(st, room, "name", "Name", "new_intervention", max_chars=MAX_NAME)
        pressed = st.form_submit_button("Add to the list")
    if not pressed:
        return
    with saving("It is at the end of the list now.", room) as db:
        interventions.add(db, actor, name)
