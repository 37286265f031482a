"""Moving somebody from one group to another in one step."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from models import HELD_PLACES
from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.groups import groups
from services.permissions import Actor
from services.places import transfers
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    done,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.groups.places_frame import in_states, names_of, versions_of
from ui.components.placing.weighing import explain_placing, reasons
from ui.components.words import literal


def move_place(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """End somebody's place here and give her one in another group."""
    seated = frame[in_states(frame, HELD_PLACES)]
    names, versions = names_of(seated), versions_of(seated)
    with reading() as db:
        open_groups = groups.choices(db, actor)
    others = {ref: name for ref, name in open_groups.items() if ref != group_ref}
    if not others:
        st.info("There is no other open group to move to. Make one under Groups.")
        return
    room: Room = {}
    key = f"{group_ref}_move"
    with st.form(fresh("move", group_ref), border=False):
        st.caption("What she has come to here stays; her place goes on in the other group.")
        chosen = choice(room, "place", "Who", names, key, index=None)
        to_group = choice(room, "to_group", "To which group", others, key, index=None)
        on = date_field(
            st,
            room,
            "left_on",
            "Her last day here",
            key,
            value=clock.today(),
            min_value=clock.today() - timedelta(weeks=52),
            max_value=clock.today(),
        )
        reason = line(st, room, "reason", "Reason, in neutral words", key)
        why = reasons(room, key)
        pressed = st.form_submit_button("Move her", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose who moves.")
            made = transfers.transfer(
                db,
                actor,
                place,
                to_group_ref=needed(to_group, "to_group", "Choose the group she moves to."),
                on=on,
                version=seen()[place],
                reason=reason,
                **why,
            )
    except AppError as error:
        explain_placing(error, room, ref=key)
    else:
        after = " The seat is offered to the next person who waits." if made.offered else ""
        done(f"{literal(names[place])} has a place in {literal(others[to_group or ''])}.{after}")
        st.rerun()
