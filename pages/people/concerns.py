"""Raising a concern, reading back one's own, and for a programme lead deciding on all."""

import streamlit as st

from services.concerns import concerns
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components.concerns.concern_form import raise_concern
from ui.components.concerns.concern_list import all_concerns, own_concerns
from ui.components.concerns.concern_view import concern_view

actor = require(Permission.RAISE_CONCERNS)
concern_ref = st.query_params.get("concern", "")
person_ref = st.query_params.get("participant", "")
group_ref = st.query_params.get("group", "")

# --- One concern -------------------------------------------------------------------------
if concern_ref:
    with reading() as db:
        one = concerns.view(db, actor, concern_ref)
    concern_view(actor, one)
    st.stop()

# --- Those there are, and raising one -----------------------------------------------------
st.title("Concerns")
decides = actor.may(Permission.DECIDE_CONCERNS)
if decides:
    all_concerns(actor)
with st.expander(
    "Raise a concern",
    icon=":material/report:",
    expanded=bool(person_ref or group_ref) or not decides,
):
    raise_concern(actor, person_ref=person_ref, group_ref=group_ref)
own_concerns(actor)
