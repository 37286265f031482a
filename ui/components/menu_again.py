"""Choosing the menu entry of the page one is on: back to its list, as from any other page."""

import streamlit as st

from ui.components.choose import close_record
from ui.components.scripts import loader

_mount = st.components.v2.component("alongside.menu_again", js=loader("menu_again"))


def menu_again() -> None:
    """Where a record is open: let the entry of its own page close it.

    Streamlit would run the page once more with the same address, and so with the same record.
    """
    if st.query_params:
        _mount(key="menu_again", on_chosen_change=close_record)
