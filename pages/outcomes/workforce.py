"""The volunteer workforce in totals: the way in, staying, cover, support, and the standards."""

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.workforce.cover_and_hours import cover_and_hours
from ui.components.workforce.kept import training_and_support
from ui.components.workforce.standards import standards
from ui.components.workforce.staying import staying
from ui.components.workforce.way_in import way_in

actor = require(Permission.READ_WORKFORCE)
PARTS = {
    "way_in": ("The way in", way_in),
    "staying": ("Staying and leaving", staying),
    "cover": ("Cover and hours", cover_and_hours),
    "support": ("Training and support", training_and_support),
    "standards": ("Standards", standards),
}

st.title("Workforce")
st.caption("Survivor volunteers in totals, never by name. No figure here says what caused it.")
chosen = st.segmented_control(
    "Part of the page",
    list(PARTS),
    default="way_in",
    required=True,
    format_func=lambda key: PARTS[key][0],
    label_visibility="collapsed",
    key="workforce_part",
    bind="query-params",
)
PARTS[chosen][1](actor)
