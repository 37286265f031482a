"""Attendance and staying, with how many each figure rests on."""

import streamlit as st

from services.permissions import Permission
from services.tallies.shares import sees_small_numbers
from ui.auth import require
from ui.components.outcomes.attendance.by_month import by_month
from ui.components.outcomes.attendance.by_session import by_session
from ui.components.outcomes.attendance.compare import compare
from ui.components.outcomes.attendance.held import held
from ui.components.outcomes.attendance.staying import staying
from ui.components.outcomes.programme_filter import programme_filter

actor = require(Permission.READ_OUTCOMES)
PARTS = {
    "by_session": ("By session", by_session),
    "by_month": ("Month by month", by_month),
    "staying": ("Staying and leaving", staying),
    "held": ("Sessions held", held),
    "compare": ("Compare", compare),
}

st.title("Attendance")
chosen = "by_session"
# The rest may rest on few people, and is for those of the house.
if sees_small_numbers(actor):
    chosen = st.segmented_control(
        "Part of the page",
        list(PARTS),
        default="by_session",
        required=True,
        format_func=lambda key: PARTS[key][0],
        label_visibility="collapsed",
        key="attendance_part",
        bind="query-params",
    )
programme = None
if chosen != "compare":
    programme = programme_filter(actor, key="attendance_programme")
PARTS[chosen][1](actor, programme)
