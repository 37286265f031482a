"""Offers of a seat that wait for an answer: what a coordinator asks about before they pass on."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.places import offers
from ui.components.choose import choose_row, date_column
from ui.navigation import file_of


def offers_due(actor: Actor) -> None:
    """The offers that stand, those that end soonest first; a row opens the group."""
    with reading() as db:
        frame = offers.standing(db, actor)
    if frame.empty:
        return
    st.header(f"Offers to be answered ({len(frame)})", anchor=False)
    st.write("A seat passes on to the next person who waits when nobody answers in time.")
    columns = {"name": "Name", "group": "Group", "until": date_column("Held until")}
    chosen = choose_row(frame, columns, key="today_offers", alt="Offers to be answered")
    if chosen is not None:
        st.switch_page(file_of("groups"), query_params={"group": chosen["group_ref"]})
