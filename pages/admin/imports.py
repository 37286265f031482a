"""Bringing spreadsheets in: a file, its columns, what it would do; and taking an import back."""

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.imports import (
    choose_file,
    draw_history,
    draw_import,
    draw_preview,
    match_columns,
)

actor = require(Permission.IMPORT_RECORDS)

if import_ref := st.query_params.get("import", ""):
    draw_import(actor, import_ref)
    st.stop()

st.title("Bring in a spreadsheet")
flow = choose_file()
if flow is not None:
    match_columns(actor, flow)
    if flow.plan is not None:
        draw_preview(actor, flow, flow.plan)
else:
    draw_history(actor)
