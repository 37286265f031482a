"""What is due now, in order of harm if missed."""

import streamlit as st

from services import today
from services.clock import now
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.due import due
from ui.components.register.session_table import session_table
from ui.navigation import file_of

actor = require(Permission.SEE_TODAY)

st.title("Today")
st.caption(words.day(now()))

with reading() as db:
    week = today.week(db, actor)
    unfinished = today.unfinished_registers(db, actor)
    still_open = len(unfinished)
    if still_open == today.MOST:
        still_open = today.unfinished_count(db, actor)
sessions, coming = week.today, week.coming

picked = []

due.harm_today(actor)

# --- Registers nobody finished: an absence without word is only called about once it is marked --
if still_open:
    st.header(f"Registers to finish ({still_open})")
    st.write("Someone may have missed a session and not been called yet.")
    picked.append(session_table(unfinished, key="today_unfinished", alt="Registers to finish"))

# --- Today -------------------------------------------------------------------------------
st.header("Sessions today")
if sessions.empty:
    st.info(f"No sessions today.{'' if coming.empty else ' The next ones are below.'}")
else:
    picked.append(session_table(sessions, key="today_sessions", alt="Sessions today"))

due.also_waiting(actor)

# --- The days ahead ----------------------------------------------------------------------
st.header("The next seven days")
if coming.empty and actor.may(Permission.EDIT_GROUPS):
    st.info("Nothing is planned. Make a group under Groups, and its sessions appear here.")
elif coming.empty:
    st.info("Nothing is planned. Once a coordinator gives you a group, its sessions appear here.")
else:
    picked.append(session_table(coming, key="today_coming", alt="Sessions to come"))

chosen = next((row for row in picked if row is not None), None)
if chosen is not None and actor.may(Permission.TAKE_REGISTER):
    st.switch_page(file_of("register"), query_params={"session": chosen["ref"]})
elif chosen is not None:
    st.switch_page(file_of("groups"), query_params={"group": chosen["group_ref"]})
