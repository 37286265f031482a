"""Finding somebody by name on the way to something else: a box to type in, then a short list."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pandas as pd
import streamlit as st

from services.db import transaction
from services.people import people
from services.permissions import Actor
from ui.components.form_fields import fresh

MOST_MATCHES = 10
NOBODY = (
    "Nobody like that whom you may see. Try the first two letters of a name, another spelling, or "
    "her reference."
)
Names: TypeAlias = dict[str, str]  # reference → name


def find_participant(actor: Actor, label: str, key: str) -> str | None:
    """A box to type in and, once it fits somebody, a list; her reference when she is chosen."""
    names = participants_named(actor, label, key)
    return choose_named(names, "Which one", key) if names else None


def participants_named(actor: Actor, label: str, key: str, ref: str = "") -> Names:
    """A box to type in, and the participants who fit; the search is that of their list."""
    return named(
        label, lambda db, text: closest(people.directory(db, actor, search=text)), key, ref
    )


def named(label: str, look: Callable[[Any, str], Names], key: str, ref: str = "") -> Names:
    """A box to type in, and whom `look` finds; nobody as long as nothing stands in it."""
    search = st.text_input(label, autocomplete="off", key=fresh(f"{key}_search", ref))
    if not search.strip():
        return {}
    with transaction() as db:
        found = look(db, search)
    if not found:
        st.info(NOBODY)
    return found


def closest(found: pd.DataFrame) -> Names:
    """The first few of a list, which has the closest first."""
    few = found.head(MOST_MATCHES)
    return dict(zip(few["ref"], few["name"], strict=True))


def choose_named(names: Names, label: str, key: str) -> str | None:
    """One of these, or nobody yet."""
    ref: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=fresh(f"{key}_ref"),
    )
    return ref
