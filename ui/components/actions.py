"""What can be done with a record: one question, and beneath it the form she asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done here: what it is called, and what draws it."""

    key: str
    label: str
    draw: Callable[[], None]


def choose_action(offered: Sequence[Action], *, key: str, first: str | None = None) -> None:
    """Ask what she wants to do, and draw that alone; `first` is open from the start.

    One question in the place of many folded forms: each of those would be made, sent and read
    out whenever the page is opened. The labels must not change while a page is open, since the
    browser sends them back.
    """
    actions = {action.key: action for action in offered}
    if not actions:
        return
    chosen = st.selectbox(
        "What do you want to do?",
        list(actions),
        index=list(actions).index(first) if first in actions else None,
        format_func=lambda name: actions[name].label,
        placeholder="Please choose",
        key=f"action_{key}",
    )
    if chosen is not None:
        actions[chosen].draw()
