"""Who did and saw what: the newest entries of the audit log."""

import streamlit as st

from services import audit
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components.choose import show_rows

actor = require(Permission.READ_AUDIT)

MOST_DIGITS = 18  # what a database number holds; an address may say anything

st.title("Audit log")

asked = st.query_params.get("before", "")
before = int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else None
by, about = st.columns(2)
username = by.text_input(
    "By whom", placeholder="A user name, or everybody", on_change=st.query_params.clear
)
subject = about.text_input(
    "About which record",
    placeholder="As it stands under Record, or every one",
    on_change=st.query_params.clear,
)
with reading() as db:
    entries = audit.recent(
        db, actor, before=before, username=username.strip().lower(), subject=subject.strip()
    )

if entries.empty:
    st.info("Nothing in the log fits. Look at the spelling, or empty a field.")
    st.stop()

show_rows(
    entries.assign(
        at=entries["at"].dt.tz_convert("Europe/London").dt.tz_localize(None),
        details=entries["details"].map(lambda said: said.strip("{}").replace('"', "") or None),
    ),
    {
        "number": st.column_config.NumberColumn("Entry", width=50),
        "at": st.column_config.DatetimeColumn("When", format="DD/MM/YYYY HH:mm:ss", width=145),
        "account": st.column_config.TextColumn("Account", width=95),
        "action": st.column_config.TextColumn("What", width=150),
        # Whole, so that it can be asked about above.
        "subject": st.column_config.TextColumn("Record", width=165),
        "details": st.column_config.TextColumn("Details", width=190),
    },
    alt="Audit log, newest first",
)
st.caption(
    "Entries cannot be changed or removed. To check the whole chain, run: "
    "python -m services.manage verify-audit"
)

newer, older = st.columns(2)
if before and newer.button("Newest", width="stretch"):
    st.query_params.clear()
    st.rerun()
if len(entries) == audit.PAGE and older.button("Older", width="stretch"):
    st.query_params["before"] = str(entries["number"].iloc[-1])
    st.rerun()
