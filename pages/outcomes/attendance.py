"""Attendance by session, with how many it rests on."""

from functools import partial

import streamlit as st

from services import attendance_report, reached
from services.db import reading
from services.permissions import Permission
from ui import charts
from ui.auth import require
from ui.components import chart
from ui.components.folded import folded
from ui.components.programme_filter import programme_filter
from ui.components.steps import people, show_steps

actor = require(Permission.READ_OUTCOMES)

st.title("Attendance")
programme = programme_filter(actor, key="attendance_programme")

with reading() as db:
    found = attendance_report.report(db, actor, programme=programme)
    steps = reached.steps(db, actor, programme=programme)

# --- Over all sessions -------------------------------------------------------------------
live_box, content_box, unfinished_box = st.columns(3)
if not (found.live and found.content):
    unfinished_box = live_box
else:
    live_box.metric(f"Live: {found.live.count:,} of {found.live.of:,}", found.live.percent)
    content_box.metric(
        f"Content covered: {found.content.count:,} of {found.content.of:,}", found.content.percent
    )
unfinished_box.metric("Registers still to be finished", f"{found.unfinished:,}")

# --- By session --------------------------------------------------------------------------
if not found.sessions.empty:
    chart.show(
        charts.attendance_by_session(),
        found.sessions,
        alt=found.in_words,
        table={
            "session": "Session",
            "expected": "Expected",
            "attended": "There",
            "label": "Live, with 95% interval",
            "content_label": "Content covered",
        },
    )
for note in found.notes:
    st.caption(note)

# --- How far places came -----------------------------------------------------------------
if steps:
    st.header("Started, engaged, completed")
    show_steps(steps, "Of places given", alt="Started, engaged and completed, in places")
    st.caption(reached.RULE)
    folded("The same in people", partial(people, actor, programme), key="attendance_people")
