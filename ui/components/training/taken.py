"""A volunteer's training so far, as she and her coordinator see it."""

import streamlit as st

from services.volunteers.training.standing import Taken
from ui.components.choose import date_column, show_rows
from ui.components.training.words import STATES
from ui.components.volunteer.words import ROLES
from ui.components.words import literal


def hours_lately(taken: Taken) -> None:
    """How much of it lies in the last twelve months."""
    st.metric("Hours in the last twelve months", f"{taken.hours_in_a_year:g}")


def courses_taken(taken: Taken, *, alt: str) -> None:
    """Each day of it, the latest first."""
    st.header("Courses taken", anchor=False)
    if taken.days.empty:
        st.caption("None yet.")
        return
    columns = {
        # First what is to be seen on a phone, where the name of a course fills the width.
        "state": "State",
        "until": date_column("Counts until"),
        "course": "Course",
        "held": date_column("Held on"),
        "hours": st.column_config.NumberColumn("Hours", format="%g"),
    }
    show_rows(taken.days.assign(state=taken.days["state"].map(STATES)), columns, alt=alt)


def still_needed(taken: Taken) -> None:
    """By role, the courses it needs that are not in date."""
    st.header("What a role still needs", anchor=False)
    for role, names in taken.missing.items():
        needed = literal(", ".join(names)) if names else "everything is in date."
        st.write(f"**{ROLES[role]}:** {needed}")
