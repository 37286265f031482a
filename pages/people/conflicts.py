"""Who must not be placed together: sealed, opened by a coordinator who says why."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.placing import conflicts
from ui.auth import require
from ui.components.folded import folded
from ui.components.placing.conflict_form import keep_apart
from ui.components.placing.conflict_list import (
    one_pair,
    opened_because,
    pairs_to_act_on,
    sealed_list,
)
from ui.components.placing.crossing_form import where_lives_cross

actor = require(Permission.KEEP_CONFLICTS)
conflict_ref = st.query_params.get("conflict", "")

# --- One pair ----------------------------------------------------------------------------
if conflict_ref:
    if (why := opened_because()) is None:
        st.stop()
    with reading() as db:
        pair = conflicts.explained(db, actor, conflict_ref, why)
    one_pair(actor, pair)
    st.stop()

# --- The sealed list, and keeping two more apart --------------------------------------------
st.title("Kept apart")
st.write(
    "Whoever places somebody is only told that a group is not the right one, or that there is "
    "something to weigh. Who and why stands here and nowhere else."
)
pairs_to_act_on(actor)
if (why := opened_because()) is not None:
    sealed_list(actor, why)
    folded(
        "Where lives may cross",
        partial(where_lives_cross, actor, why),
        key="crossings",
        icon=":material/alt_route:",
    )
folded(
    "Keep two people apart", partial(keep_apart, actor), key="conflict", icon=":material/group_off:"
)
