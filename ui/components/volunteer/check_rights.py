"""The right to volunteer on screen: who saw it, and until when it counts."""

from functools import partial

import pandas as pd
import streamlit as st

from services import clock
from services.permissions import Actor
from services.volunteers.vetting import rights
from services.volunteers.vetting.view import RightView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import Room, date_field, fresh, saving
from ui.components.volunteer.check_words import state


def section(actor: Actor, one: VolunteerSummary, found: tuple[RightView, ...]) -> None:
    """What was seen so far, and the form for another look."""
    st.header("Right to volunteer", anchor=False)
    if found:
        frame = pd.DataFrame(
            [
                (each.seen_on, each.seen_by, each.valid_until, state(each.valid_until))
                for each in found
            ],
            columns=["seen_on", "seen_by", "valid_until", "state"],
        )
        columns = {
            "seen_on": date_column("Seen on"),
            "seen_by": "By",
            "valid_until": date_column("Counts until"),
            "state": "State",
        }
        show_rows(frame, columns, alt="Her right to volunteer")
    label = "Note that you have seen it"
    folded(label, partial(_see, actor, one), key=f"right_{one.ref}")


def _see(actor: Actor, one: VolunteerSummary) -> None:
    room: Room = {}
    own = f"{one.ref}_right"
    with st.form(fresh("right", one.ref), border=False):
        seen_on = date_field(st, room, "seen_on", "Seen on", own, value=clock.today())
        until = date_field(
            st, room, "valid_until", "Counts until; empty if it has no end", own, value=None
        )
        pressed = st.form_submit_button("I have seen it", type="primary")
    if not pressed:
        return
    with saving("It is noted, with your name.", room) as db:
        rights.see(db, actor, one.ref, seen_on=seen_on, valid_until=until)
