"""What participants said about a session, and the code that leads them to its form."""

from functools import partial

import pandas as pd
import streamlit as st

from services import feedback
from services.db import reading, transaction
from services.errors import ConflictError
from services.feedback import results
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.choose import back_to_list, choose_row, time_column
from ui.components.feedback.feedback_alerts import words_to_read
from ui.components.feedback.feedback_invite import send_one
from ui.components.feedback.feedback_paper import enter_paper
from ui.components.feedback.feedback_replies import you_said
from ui.components.feedback.feedback_themes import themes_and_quotes
from ui.components.feedback.feedback_view import form_code, what_was_said
from ui.components.folded import folded

actor = require(Permission.READ_FEEDBACK)
session_ref = st.query_params.get("session", "")

# --- Which session -----------------------------------------------------------------------
if not session_ref:
    st.title("Feedback")
    with reading() as db:
        sessions = results.sessions(db, actor)
    if sessions.empty:
        st.info("No sessions yet. Those of your groups appear here from a week before the day.")
        st.stop()
    st.write("Choose a session to show its code or to read what people said.")
    frame = sessions.assign(
        session=sessions["number"].astype(str) + " of " + sessions["sessions"].astype(str),
        starts=pd.to_datetime(sessions["starts"]).dt.tz_localize(None),
    )
    columns = {
        "starts": time_column("When"),
        "group": "Group",
        "session": "Session",
        "topic": "Topic",
        "forms": "Forms sent",
    }
    chosen = choose_row(frame, columns, key="feedback_sessions", alt="Sessions of your groups")
    if chosen is not None:
        st.query_params["session"] = chosen["ref"]
        st.rerun()
    st.stop()

# --- The code ----------------------------------------------------------------------------
link, no_link = None, ""
with transaction() as db:
    said = results.results(db, actor, session_ref)
    try:
        link = feedback.open_link(db, actor, session_ref)
    except ConflictError as error:
        no_link = str(error)

back_to_list("All sessions")
st.title("Feedback")
st.write(f"**{words.literal(said.code_name)}, session {said.number}: {words.literal(said.topic)}**")
st.caption(f"{words.day(said.starts)}, {words.clock_time(said.starts)}")

words_to_read(actor, session_ref, said.group_ref)

if link is None:
    st.info(no_link)
else:
    form_code(actor, session_ref, link)

folded("For one person", partial(send_one, actor, session_ref), key="feedback_invite")
folded("Enter a form from paper", partial(enter_paper, actor, session_ref), key="feedback_paper")

# --- What was said -----------------------------------------------------------------------
st.header("What people said")
st.button("Look again", icon=":material/refresh:", key="feedback_again")
what_was_said(said)
if said.questions:
    folded(
        "Themes and quotes",
        partial(themes_and_quotes, actor, session_ref),
        key="feedback_themes",
    )
folded("You said, we did", partial(you_said, actor, session_ref), key="feedback_replies")
