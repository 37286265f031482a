"""Which groups the figures are about, by the quarter or year they began in; in the address."""

import streamlit as st

from services.db import reading
from services.outcomes import outcomes
from services.permissions import Actor
from services.tallies.shares import sees_small_numbers


def quarter_filter(actor: Actor, *, key: str) -> str | None:
    """The period chosen, None for all of them; only for those who may choose one."""
    if not sees_small_numbers(actor):
        return None
    with reading() as db:
        words = outcomes.periods(db, actor)
    return st.selectbox(
        "Groups that began in",
        list(words),
        index=None,
        placeholder="Any time",
        format_func=lambda period: words[period],
        key=key,
        bind="query-params",
    )
