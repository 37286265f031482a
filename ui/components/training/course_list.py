"""The courses with how many have them in date, and what runs out next."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.training import standing
from ui.components.choose import choose_row, date_column
from ui.components.parts import address_of
from ui.components.training.words import counting, window
from ui.components.volunteer.words import ROLES
from ui.navigation import file_of


def course_list(actor: Actor) -> bool:
    """Every course; False when there is none yet."""
    with reading() as db:
        frame = standing.by_course(db, actor)
    if frame.empty:
        st.info("No course yet. Add the first one below.")
        return False
    st.caption(
        "How many of those in training, shadowing or active have each course in date, and how "
        "many of these within 90 days of its end. Choose a course to see who, and to mark a day."
    )
    columns = {
        "name": "Course",
        "in_date": "In date",
        "soon": "To refresh",
        "over": "Run out",
        "hours": st.column_config.NumberColumn("Hours", format="%g"),
        "counts": "Counts",
        "roles": "Needed for",
        "offered": "Held",
    }
    shown = frame.assign(
        counts=[counting(None if pd.isna(one) else int(one)) for one in frame["months"]],
        roles=[", ".join(ROLES[role] for role in roles) for roles in frame["needed_for"]],
        offered=frame["is_active"].map({True: "Yes", False: "No longer"}),
    ).drop(columns=["needed_for", "months"])
    chosen = choose_row(shown, columns, key="courses_list", alt="Courses")
    if chosen is not None:
        st.switch_page(file_of("training"), query_params={"course": chosen["ref"]})
    return True


def runs_out(actor: Actor) -> None:
    """What runs out within 90 days or has, and whose."""
    with reading() as db:
        frame = standing.running_out(db, actor)
    st.header("What runs out next", anchor=False)
    if frame.empty:
        st.caption("Nothing runs out within the next 90 days.")
        return
    columns = {"name": "Name", "course": "Course", "until": date_column("Until"), "when": "When"}
    shown = frame.assign(when=[window(days) for days in frame["window"]])
    chosen = choose_row(shown, columns, key="training_runs_out", alt="What runs out next")
    if chosen is not None:
        open_training(chosen["volunteer_ref"])


def open_training(volunteer_ref: str) -> None:
    """Go to a volunteer's training."""
    query = {"volunteer": volunteer_ref} | address_of("training")
    st.switch_page(file_of("volunteers"), query_params=query)
