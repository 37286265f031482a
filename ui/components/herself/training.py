"""Her training: what she has, until when it counts, and what a role still needs."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.herself import training
from services.volunteers.herself.record import Herself
from ui.components.choose import date_column, show_rows
from ui.components.training.words import STATES
from ui.components.volunteer.words import ROLES
from ui.components.words import literal


def draw(actor: Actor, _me: Herself) -> None:
    """The courses taken, and what is missing."""
    with reading() as db:
        taken = training.mine(db, actor)
    st.metric("Hours in the last twelve months", f"{taken.hours_in_a_year:g}")
    st.header("Courses taken", anchor=False)
    if taken.days.empty:
        st.caption("None yet.")
    else:
        columns = {
            "course": "Course",
            "until": date_column("Counts until"),
            "state": "State",
            "held": date_column("Held on"),
            "hours": st.column_config.NumberColumn("Hours", format="%g"),
        }
        shown = taken.days.assign(state=taken.days["state"].map(STATES))
        show_rows(shown, columns, alt="My training")
    st.header("What a role still needs", anchor=False)
    for role, names in taken.missing.items():
        needed = literal(", ".join(names)) if names else "everything is in date."
        st.write(f"**{ROLES[role]}:** {needed}")
    st.caption("Ask your coordinator for a place on a course, or for a certificate.")
