"""Children's communication over time: every strand, three views side by side."""

import streamlit as st

from services import children
from services.db import reading
from services.permissions import Permission
from services.shares import sees_small_numbers
from ui import charts
from ui.auth import require
from ui.components import chart
from ui.components.children_compared import compared_in_parts
from ui.components.programme_filter import programme_filter

actor = require(Permission.READ_OUTCOMES)

st.title("Children")
st.write(
    "How children put feelings into words, as the child, the parent or carer and the "
    "practitioner see it. The three views stand side by side and are never averaged."
)
programme = programme_filter(actor, key="children_programme")

with reading() as db:
    found = children.overview(db, actor, programme=programme)

if not found.levels.empty:
    st.header("Each strand from start to end")
    chart.show_halves(
        charts.strand_paths(),
        found.levels,
        alt=found.levels_in_words,
        caption="The middle child’s step (median) at each point. Not all children are in each.",
        table={
            "strand": "Strand",
            "view": "View",
            "point": "When",
            "median": "Median step",
            "people": "Children",
        },
    )
if not found.moves.empty:
    st.header("Up a step or more from start to end")
    chart.show_halves(
        charts.strand_moves(),
        found.moves,
        alt=found.moves_in_words,
        caption="The share of children with both forms, with its 95% interval.",
        table={"strand": "Strand", "view": "View", "label": "Up a step or more"},
    )
for note in found.notes:
    st.caption(note)
if sees_small_numbers(actor) and not found.levels.empty:
    compared_in_parts(actor, programme)
