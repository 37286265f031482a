"""The volunteers one answers for today, as a list to choose from."""

import streamlit as st

from services.db import reading
from services.permissions import Actor, Permission
from services.volunteers.support import hers
from ui.components.choose import choose_row, date_column
from ui.components.parts import address_of
from ui.components.volunteer.support_words import DUE, STATES
from ui.navigation import file_of


def supervised_list(actor: Actor) -> None:
    """Each with what is due to her first; choosing one opens her part."""
    with reading() as db:
        frame = hers.listed(db, actor)
    if frame.empty:
        st.info("You supervise nobody today. A coordinator names who supervises whom.")
        return
    columns = {
        "name": "Name",
        "state": "State",
        "what": "Due next",
        "due_on": date_column("By or since"),
    }
    st.caption("Choose a row to read what was said, and to keep a meeting or a check-in.")
    state = frame["state"].map(STATES).fillna("Nothing due")
    shown = frame.assign(what=frame["kind"].map(DUE), state=state)
    chosen = choose_row(shown, columns, key="supervised", alt="Whom I supervise")
    if chosen is not None:
        st.switch_page(file_of("supervision"), query_params={"volunteer": chosen["ref"]})


def open_support(actor: Actor, ref: str) -> None:
    """Her support: on her record for a coordinator, alone for whoever supervises and no more."""
    if actor.may(Permission.READ_VOLUNTEERS):
        where = {"volunteer": ref, **address_of("support")}
        st.switch_page(file_of("volunteers"), query_params=where)
    st.switch_page(file_of("supervision"), query_params={"volunteer": ref})
