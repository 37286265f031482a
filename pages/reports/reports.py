"""Reports for funders and trustees: making one, and all that has left the house."""

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.reports.ask import ask
from ui.components.reports.made import ledger, opened

actor = require(Permission.MAKE_REPORTS)

st.title("Reports")
ref = st.query_params.get("report")
if ref:
    opened(actor, ref)
    st.stop()

st.write(
    "Every table is checked beside all that left before: small numbers are hidden, with as many "
    "others as it takes for nobody to work them out."
)
ask(actor)

# --- What has left -----------------------------------------------------------------------
st.header("What has left the house")
ledger(actor)
