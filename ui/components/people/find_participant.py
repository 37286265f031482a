"""Choosing one participant by the beginning of her name, on the way to something else."""

import streamlit as st

from services.db import transaction
from services.people import people
from services.permissions import Actor
from ui.components.form_fields import fresh

MOST_MATCHES = 10


def find_participant(actor: Actor, label: str, key: str) -> str | None:
    """A box to type in and, once it fits somebody, a list; her reference when she is chosen."""
    search = st.text_input(label, autocomplete="off", key=fresh(f"{key}_search"))
    if not search.strip():
        return None
    with transaction() as db:
        found = people.directory(db, actor, search=search).head(MOST_MATCHES)
    if found.empty:
        st.caption("Nobody of that name that you may see.")
        return None
    return choose_participant(dict(zip(found["ref"], found["name"], strict=True)), "Which one", key)


def choose_participant(names: dict[str, str], label: str, key: str) -> str | None:
    """One of these, reference to name, or nobody yet."""
    ref: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=fresh(f"{key}_ref"),
    )
    return ref
