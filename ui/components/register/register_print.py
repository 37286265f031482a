"""A register on paper: what it shows, and the sheet to take along."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import streamlit as st

from services.permissions import Actor
from services.printing import register_sheets
from services.printing.register_sheets import Wish
from ui.components import paper
from ui.components.folded import folded

_Sheet: TypeAlias = Callable[[Any, Actor, str, Wish], bytes]


def print_part(actor: Actor, session_ref: str, group_ref: str) -> None:
    """Folded away until somebody needs paper."""
    folded(
        "Print this register",
        partial(_sheets, actor, session_ref, group_ref),
        key=f"register_print_{session_ref}",
        icon=":material/print:",
    )


def _sheets(actor: Actor, session_ref: str, group_ref: str) -> None:
    st.caption(
        "First names only. Each sheet you take is written in the audit log. Keep it with you, and "
        "shred it once its marks are entered."
    )
    filled = st.toggle("With the marks made so far", key=f"print_filled_{session_ref}")
    needs = st.toggle("With what people need", key=f"print_needs_{session_ref}")
    wish = Wish(filled=filled, with_needs=needs)
    with st.container(horizontal=True):
        _take("This session", register_sheets.of_session, actor, session_ref, wish)
        _take("The group's next sessions", register_sheets.of_group, actor, group_ref, wish)


def _take(label: str, sheet: _Sheet, actor: Actor, ref: str, wish: Wish) -> None:
    paper.sheet_button(
        label,
        lambda db: sheet(db, actor, ref, wish),
        key=f"print_{sheet.__name__}_{ref}",
    )
