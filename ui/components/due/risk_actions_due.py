"""Answers about immediate risk that nobody has finished acting on: a part of Today."""

import streamlit as st

from services.db import reading
from services.measures.immediate_risk import due
from services.permissions import Actor, Permission
from ui.components.choose import choose_row, show_rows, time_column
from ui.components.measures.measure_choice import open_next
from ui.navigation import file_of

_ALT = "Forms that wait for action the same day"


def risk_actions_due(actor: Actor) -> None:
    """Nothing at all while none waits. Whoever decides sees where it stands still, not whose."""
    with reading() as db:
        waiting = due.waiting(db, actor)
    if waiting.empty:
        return
    many = f"{due.MOST} or more" if len(waiting) == due.MOST else len(waiting)
    st.header(f"Answers that need action today ({many})", anchor=False)
    st.write("A form asked for something to be done the same day. Nobody has said what was done.")
    shown = waiting.assign(state=waiting["overdue"].map({True: "Overdue", False: "Today"}))
    columns = {"state": "Due", "opened": time_column("Since"), "group": "Group"}
    if not actor.may(Permission.RECORD_MEASURES):
        show_rows(shown, {**columns, "by": "Opened by"}, alt=_ALT)
        return
    columns = {"name": "Name", "form": "Form", **columns, "by": "Opened by"}
    chosen = choose_row(shown, columns, key="today_risk_actions", alt=_ALT)
    if chosen is not None:
        open_next(chosen)
        st.switch_page(file_of("measures"), query_params={"group": chosen["group_ref"]})
