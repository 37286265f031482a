"""Training: the courses, who has them in date, what runs out next, and one course."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.volunteers.training import courses
from ui.auth import require
from ui.components.folded import folded
from ui.components.training.course_form import add_course
from ui.components.training.course_list import course_list, runs_out
from ui.components.training.course_view import course_view

actor = require(Permission.KEEP_TRAINING)
ref = st.query_params.get("course", "")

# --- One course --------------------------------------------------------------------------
if ref:
    with reading() as db:
        one = courses.view(db, actor, ref)
    course_view(actor, one)
    st.stop()

# --- All of them, and what runs out -------------------------------------------------------
st.title("Training")
found_any = course_list(actor)
folded(
    "Add a course",
    partial(add_course, actor),
    key="new_course",
    expanded=not found_any,
    icon=":material/school:",
)
runs_out(actor)
