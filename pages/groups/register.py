"""The register of one session: marks, notes, and finishing it."""

import streamlit as st

from services import today
from services.db import reading
from services.permissions import Permission
from services.registers import registers
from ui.auth import require
from ui.components import words
from ui.components.children.observations import observations_part
from ui.components.concerns.concern_view import raise_concern_link
from ui.components.groups.pairs.other_register import other_register
from ui.components.register.after_session import covered_part, debrief_part
from ui.components.register.collected import collected_part
from ui.components.register.paper_entry import paper_part
from ui.components.register.reflection import reflection_part
from ui.components.register.register_finish import finish_or_reopen
from ui.components.register.register_history import register_history_part
from ui.components.register.register_panel import Look, note_panel, register_panel
from ui.components.register.register_print import print_part
from ui.components.register.session_checklist import checklist_part
from ui.components.register.session_table import session_table
from ui.components.register.welfare_calls import calls_of_session
from ui.navigation import file_of

actor = require(Permission.TAKE_REGISTER)
session_ref = st.query_params.get("session", "")

# --- Which session -----------------------------------------------------------------------
if not session_ref:
    st.title("Register")
    with reading() as db:
        sessions = today.to_mark(db, actor)
    if sessions.empty:
        st.info("You have no session to mark. Groups you facilitate appear here on the day.")
        st.stop()
    st.write("Choose a session.")
    chosen = session_table(sessions, key="register_sessions", alt="Sessions to mark")
    if chosen is not None:
        st.query_params["session"] = chosen["ref"]
        st.rerun()
    st.stop()

with reading() as db:
    seen = registers.view(db, actor, session_ref)

st.title(words.literal(seen.code_name), anchor=False)
st.write(f"**Session {seen.number} of {seen.sessions}: {words.literal(seen.topic)}**")
st.caption(f"{words.day(seen.starts)}, {words.span(seen.starts, seen.ends)}")

other_register(actor, session_ref)

# --- Marks and notes ---------------------------------------------------------------------
register_panel(actor, session_ref, Look(seen))
if seen.unseen:
    st.caption(
        f"Expected as well, and not shown to you: {seen.unseen}. A colleague makes that mark; you "
        "can finish without it."
    )
collected_part(actor, seen)
calls_of_session(actor, session_ref)
note_panel(actor, session_ref)
if seen.is_cancelled:  # nothing was held, so nothing is to be said of it
    raise_concern_link(group=seen.group_ref)
    register_history_part(actor, session_ref)
    st.stop()
has_children = any(line.collecting is not None for line in seen.lines)
observations_part(actor, session_ref, has_children=has_children)
checklist_part(actor, session_ref)
covered_part(actor, session_ref)
debrief_part(actor, session_ref)
reflection_part(actor, session_ref)
st.page_link(
    file_of("feedback"),
    label="Feedback code for this session",
    icon=":material/qr_code_2:",
    query_params={"session": session_ref},
)
raise_concern_link(group=seen.group_ref)

# --- Finishing ---------------------------------------------------------------------------
finish_or_reopen(actor, seen)
paper_part(actor, seen)
print_part(actor, session_ref, seen.group_ref)
register_history_part(actor, session_ref)
