"""Records that may be of one person: seeing two side by side, joining them, taking them apart."""

from functools import partial

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.folded import folded
from ui.components.people.duplicate_pairs import choose_pair, joined_before, told_apart
from ui.components.people.merge_form import compare

actor = require(Permission.MERGE_PEOPLE)
one, other = (st.query_params.get(name, "") for name in ("one", "other"))

# --- Two of them -------------------------------------------------------------------------
if one and other:
    compare(actor, one, other)
    st.stop()

# --- The list ----------------------------------------------------------------------------
st.title("Duplicates")
choose_pair(actor)
st.header("Joined before", anchor=False)
joined_before(actor)
folded("Noted as two people", partial(told_apart, actor), key="told_apart")
