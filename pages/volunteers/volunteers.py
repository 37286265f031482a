"""Survivor volunteers: finding one, adding one, and one record with what can be done next."""

from functools import partial

import streamlit as st

from services import volunteers
from services.db import transaction
from services.permissions import Permission
from ui.auth import require
from ui.components.folded import folded
from ui.components.supervisors_away import supervisors_away
from ui.components.support_due import support_due_list
from ui.components.volunteer import draw_volunteer
from ui.components.volunteer.forms import add_volunteer
from ui.components.volunteer.list import find_volunteer

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
    if found_any:
        folded(
            "Support due",
            partial(support_due_list, actor),
            key="support_due",
            icon=":material/favorite:",
        )
        folded(
            "When a supervisor is away",
            partial(supervisors_away, actor),
            key="supervisors_away",
            icon=":material/event_busy:",
        )
    st.stop()

# --- One volunteer -----------------------------------------------------------------------
with transaction() as db:
    one = volunteers.summary(db, actor, ref)
draw_volunteer(actor, one)
