"""What is folded away on a page: made, and read from the database, only once it is opened."""

from collections.abc import Callable

import streamlit as st


def folded(
    label: str,
    draw: Callable[[], None],
    *,
    key: str,
    expanded: bool = False,
    icon: str | None = None,
) -> None:
    """Draw something beneath a heading that unfolds it; `expanded` is how it begins."""
    box = st.expander(label, expanded=expanded, icon=icon, key=f"folded_{key}", on_change="rerun")
    if box.open:
        with box:
            draw()
