"""Checks and training that run out: a part of Today that leads to the volunteer."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.training import standing
from services.volunteers.vetting import due
from ui.components.choose import choose_row, date_column
from ui.components.parts import address_of
from ui.components.training.course_list import open_training
from ui.components.volunteer.check_words import WHAT, window
from ui.navigation import file_of


def checks_due(actor: Actor) -> None:
    """Nothing at all while no check runs out within 90 days."""
    with reading() as db:
        frame = due.to_renew(db, actor)
    if frame.empty:
        return
    many = f"{due.MOST} or more" if len(frame) == due.MOST else len(frame)
    st.header(f"Checks to renew ({many})", anchor=False)
    st.write("A DBS check that has run out keeps her from children, and from nothing else.")
    columns = {"name": "Name", "what": "What", "until": date_column("Until"), "when": "When"}
    shown = frame.assign(
        what=frame["what"].map(WHAT), when=[window(days) for days in frame["window"]]
    )
    chosen = choose_row(shown, columns, key="today_checks", alt="Checks to renew")
    if chosen is not None:
        query = {"volunteer": chosen["volunteer_ref"]} | address_of("checks")
        st.switch_page(file_of("volunteers"), query_params=query)


def training_due(actor: Actor) -> None:
    """Nothing at all while no course runs out within 90 days."""
    with reading() as db:
        frame = standing.running_out(db, actor)
    if frame.empty:
        return
    many = f"{standing.PAGE} or more" if len(frame) == standing.PAGE else len(frame)
    st.header(f"Training to refresh ({many})", anchor=False)
    columns = {"name": "Name", "course": "Course", "until": date_column("Until"), "when": "When"}
    shown = frame.assign(when=[window(days) for days in frame["window"]])
    chosen = choose_row(shown, columns, key="today_training", alt="Training to refresh")
    if chosen is not None:
        open_training(chosen["volunteer_ref"])
