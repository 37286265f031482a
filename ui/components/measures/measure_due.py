"""What is due in all of somebody's groups, and reminding a person of a form by a safe route."""

from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from models import PersonKind, Route
from services.db import reading, transaction
from services.errors import AppError
from services.measures import measure_schedule
from services.permissions import Actor
from services.safe_contact import outgoing
from services.safe_contact.outgoing import Kind
from ui.components.choose import choose_row, date_column
from ui.components.folded import folded
from ui.components.measures.measure_choice import open_next
from ui.components.people.contact_words import ROUTES
from ui.components.words import literal
from ui.messages import show_error
from ui.navigation import file_of

_BY: Final = (Route.TEXT, Route.WHATSAPP, Route.EMAIL)
_MOST: Final = 50
# It names neither the group nor what the questions are about.
_SAYS: Final = "Hello, a few questions are waiting for you when we next meet. No need to reply."


def due_everywhere(actor: Actor) -> None:
    """A line a form; choosing one opens it."""
    with reading() as db:
        due = measure_schedule.due_everywhere(db, actor)
    if due.empty:
        return
    st.header("Due now")
    shown = due.head(_MOST).assign(until=pd.to_datetime(due["until"]))
    columns = {
        "name": "Person",
        "form": "Form, and who answers it",
        "until": date_column("Until"),
        "group": "Group",
    }
    chosen = choose_row(shown, columns, key="measures_due", alt="Forms due in all your groups")
    if len(due) > _MOST:
        st.caption(f"The {_MOST} whose weeks are over soonest, of {len(due):,}.")
    if chosen is not None:
        open_next(chosen)
        st.switch_page(file_of("measures"), query_params={"group": chosen["group_ref"]})


def remind(actor: Actor, row: "pd.Series[Any]") -> None:
    """For a form that is due and that an adult answers herself."""
    if row["status"] == "due" and row["kind"] == PersonKind.ADULT.value:
        folded("Remind her", partial(_remind, actor, row), key=f"remind_{row['place']}")


def _remind(actor: Actor, row: "pd.Series[Any]") -> None:
    st.write("Only by a route she has said is safe today. Nothing is sent from here.")
    route = st.radio(
        "By",
        [route.value for route in _BY],
        format_func=ROUTES.__getitem__,
        horizontal=True,
        key=f"remind_by_{row['place']}",
    )
    if not st.button("May we, and where to?", key=f"remind_ask_{row['place']}"):
        return
    ref = str(row["person_ref"])
    try:
        with transaction() as db:
            answer = outgoing.clear(db, actor, [ref], Route(route), Kind.REMINDER)
    except AppError as error:
        show_error(error)
        return
    for refused in answer.refused:
        st.error(refused.reason)
    for cleared in answer.cleared:
        called = f" Say it is from {literal(cleared.name_to_use)}." if cleared.name_to_use else ""
        st.success(f"Yes, now.{called}")
        st.code(cleared.address, language=None)
        st.code(_SAYS, language=None, wrap_lines=True)
