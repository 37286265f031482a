"""Survivor volunteers: the board, the list, applications, and one record with what comes next."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.volunteers import volunteers
from ui.auth import require
from ui.components.due.support_due import support_due_list
from ui.components.folded import folded
from ui.components.volunteer.applications import SHOW, applications, check_application
from ui.components.volunteer.board import pipeline_board
from ui.components.volunteer.forms import add_volunteer
from ui.components.volunteer.list import find_volunteer
from ui.components.volunteer.record import draw_volunteer
from ui.components.volunteer.supervisors_away import supervisors_away

actor = require(Permission.READ_VOLUNTEERS)
ref = st.query_params.get("volunteer", "")
application_ref = st.query_params.get("application", "")

# --- The board and the lists -------------------------------------------------------------
if not (ref or application_ref):
    st.title("Volunteers")
    parts = {"list": "List", "board": "Board"}
    if actor.may(Permission.EDIT_VOLUNTEERS):
        parts["applications"] = "Applications to check"
    part = st.segmented_control(
        "Part of the page",
        list(parts),
        default="list",
        required=True,
        format_func=parts.__getitem__,
        label_visibility="collapsed",
        key=SHOW,
        persist_state="session",
    )
    if part == "board":
        pipeline_board(actor)
        st.stop()
    if part == "applications":
        applications(actor)
        st.stop()
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

# --- One application ---------------------------------------------------------------------
if application_ref:
    check_application(actor, application_ref)
    st.stop()

# --- One volunteer -----------------------------------------------------------------------
with reading() as db:
    one = volunteers.summary(db, actor, ref)
draw_volunteer(actor, one)
