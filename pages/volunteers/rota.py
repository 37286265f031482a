"""The rota: sessions to come with who covers them, one of them in full, and filling a term."""

from functools import partial

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.folded import folded
from ui.components.rota.coming import coming_sessions
from ui.components.rota.fill import fill_term
from ui.components.rota.group_needs import change_needs
from ui.components.rota.session import draw_session

actor = require(Permission.READ_ROTA)
ref = st.query_params.get("session", "")

# --- One session ---------------------------------------------------------------------------
if ref:
    draw_session(actor, ref)
    st.stop()

# --- The sessions to come ------------------------------------------------------------------
st.title("Rota")
coming_sessions(actor)
if actor.may(Permission.PLAN_ROTA):
    folded(
        "Fill a term", partial(fill_term, actor), key="rota_fill", icon=":material/auto_awesome:"
    )
    folded("What sessions need", partial(change_needs, actor), key="rota_needs")
