"""Supervision: the volunteers one answers for today, and one of them with what was said."""

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.volunteers.support import hers
from ui.auth import require
from ui.components.choose import back_to_list
from ui.components.volunteer.supervision import supervised_list
from ui.components.volunteer.support import due_lines, for_her_supervisor
from ui.components.words import literal

actor = require(Permission.SUPERVISE)
ref = st.query_params.get("volunteer", "")

# --- One of them -------------------------------------------------------------------------
if ref:
    with reading() as db:
        one = hers.view(db, actor, ref)
    back_to_list("All I supervise")
    st.title(literal(one.name), anchor=False)
    due_lines(one.due)
    for_her_supervisor(actor, one.ref)
    st.stop()

# --- All of them -------------------------------------------------------------------------
st.title("Supervision")
supervised_list(actor)
