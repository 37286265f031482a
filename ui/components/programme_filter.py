"""Which programme the figures are about, kept in the address."""

import streamlit as st

from services.permissions import Actor
from services.programme_library import templates
from services.shares import sees_small_numbers


def programme_filter(actor: Actor, *, key: str) -> str | None:
    """The key of the programme chosen, None for all; only for those who may choose one."""
    if not sees_small_numbers(actor):
        st.caption("All programmes together.")
        return None
    titles = {name: template.title for name, template in templates().items()}
    return st.selectbox(
        "Programme",
        list(titles),
        index=None,
        placeholder="All programmes",
        format_func=lambda name: titles[name],
        key=key,
        bind="query-params",
    )
