"""Who the service reaches: answers to the equality questions, in totals only."""

import streamlit as st

from services.db import reading
from services.people import characteristics
from services.people.characteristic_questions import question, questions
from services.permissions import Permission
from ui.auth import require
from ui.components.choose import show_rows

actor = require(Permission.READ_OUTCOMES)

st.title("Who we reach")
st.write(questions().why)
key = st.selectbox(
    "Question",
    [one.key for one in questions().questions],
    format_func=lambda key: question(key).question,
    key="reach_question",
    bind="query-params",
)
with reading() as db:
    found = characteristics.totals(db, actor, key)

hidden = found.people["people"].isna()
shown = found.people.assign(people=found.people["people"].astype("string").mask(hidden, "*"))
show_rows(
    shown,
    {"answer": "Answer", "people": st.column_config.TextColumn("People", alignment="right")},
    alt=f"{question(key).question} How many people gave each answer",
)
if hidden.any():
    st.caption(
        f"\\* hidden: fewer than {found.hidden_below} people, or a number that "
        "would let such a small one be worked out."
    )
st.caption(
    "Everybody with a record is counted once. “Not asked” is not an answer: it says how much of "
    "the picture is missing."
)
