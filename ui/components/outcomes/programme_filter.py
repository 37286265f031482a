"""Which programme the figures are about, kept in the address."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.programmes import programmes
from services.tallies.shares import sees_small_numbers


def programme_filter(actor: Actor, *, key: str) -> str | None:
    """The key of the programme chosen, None for all; only for those who may choose one."""
    if not sees_small_numbers(actor):
        st.caption("All programmes together.")
        return None
    with reading() as db:
        titles = programmes.titles(db)
    return st.selectbox(
        "Programme",
        list(titles),
        index=None,
        placeholder="All programmes",
        format_func=lambda name: titles[name],
        key=key,
        bind="query-params",
    )
