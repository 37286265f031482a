"""Survivor volunteers: finding one, adding one, and one record with what can be done next."""

from functools import partial

import streamlit as st

from services import placements, stages, volunteers
from services.db import transaction
from services.permissions import Permission
from ui.auth import require
from ui.components.folded import folded
from ui.components.volunteer_forms import add_volunteer, move_volunteer
from ui.components.volunteer_list import find_volunteer
from ui.components.volunteer_placing import end_placement, place_volunteer
from ui.components.volunteer_view import history_table, placements_table, volunteer_heading

actor = require(Permission.READ_VOLUNTEERS)
ref = st.query_params.get("volunteer", "")

# --- The list ----------------------------------------------------------------------------
if not ref:
    st.title("Volunteers")
    found_any = find_volunteer(actor)
    folded(
        "Add a volunteer",
        partial(add_volunteer, actor),
        key="new_volunteer",
        expanded=not found_any,
        icon=":material/person_add:",
    )
    st.stop()

# --- One volunteer -----------------------------------------------------------------------
with transaction() as db:
    one = volunteers.summary(db, actor, ref)
    placed = placements.of_volunteer(db, actor, ref)
    moves = stages.history(db, actor, ref)

volunteer_heading(one)
along, beside = st.columns(2, gap="large")
with along:
    st.header("Stage", anchor=False)
    move_volunteer(actor, one)
    history_table(moves)
with beside:
    placements_table(placed)
    place_volunteer(actor, one, placed)
    end_placement(actor, one, placed)
