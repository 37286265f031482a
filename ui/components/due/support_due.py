"""Whose support is due: a list on the volunteers' page, and a part of Today."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.support import due
from ui.components.choose import choose_row, date_column
from ui.components.volunteer.supervision import open_support
from ui.components.volunteer.support_words import DUE, STATES


def support_overdue(actor: Actor) -> None:
    """What she answers for, what nobody does, and what is overdue; nothing while all is kept."""
    with reading() as db:
        frame = due.overdue(db, actor, on_today=True)
    if frame.empty:
        return
    st.header(f"Volunteers' support due ({_many(frame)})", anchor=False)
    _choose(actor, frame, key="today_support")


def support_due_list(actor: Actor) -> None:
    """Everything that is due to anybody, in order of harm."""
    with reading() as db:
        frame = due.overdue(db, actor)
    if frame.empty:
        st.caption("Nothing is due: everybody has had the support she is owed.")
        return
    st.caption(
        f"{_many(frame)} due. What is overdue stops new placements, and nothing else. Choose a "
        "row to open her record."
    )
    _choose(actor, frame, key="support_due")


def _choose(actor: Actor, frame: pd.DataFrame, *, key: str) -> None:
    columns = {
        "name": "Name",
        "state": "State",
        "kind": "What",
        "due_on": date_column("Due since"),
        "supervisor": "Supervisor",
    }
    shown = frame.assign(
        state=frame["state"].map(STATES),
        kind=frame["kind"].map(DUE),
        supervisor=frame["supervisor"].fillna("Nobody yet"),
    )
    chosen = choose_row(shown, columns, key=key, alt="Support due")
    if chosen is not None:
        open_support(actor, chosen["ref"])


def _many(frame: pd.DataFrame) -> str:
    return f"{due.MOST} or more" if len(frame) == due.MOST else str(len(frame))
