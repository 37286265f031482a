"""Children's communication over time: every strand, three views side by side."""

import streamlit as st

from services.children import children
from services.db import reading
from services.permissions import Permission
from services.tallies.shares import sees_small_numbers
from ui.auth import require
from ui.components.children.children_compared import compared_in_parts
from ui.components.children.strands_together import strands_together
from ui.components.outcomes.programme_filter import programme_filter

actor = require(Permission.READ_OUTCOMES)

st.title("Children")
st.write(
    "How children put feelings into words, as the child, the parent or carer and the "
    "practitioner see it. The three views stand side by side and are never averaged."
)
programme = programme_filter(actor, key="children_programme")

with reading() as db:
    found = children.overview(db, actor, programme=programme)

strands_together(found, of_programme=True)
for note in found.notes:
    st.caption(note)
if sees_small_numbers(actor) and not found.levels.empty:
    compared_in_parts(actor, programme)
