"""What is needed twice at one time, shown where a group is made or its schedule changed."""

import streamlit as st

from services.groups.schedules.clashes import Clash
from ui.components.groups import schedule_words


def show_clashes(clashes: tuple[Clash, ...]) -> None:
    """A line for each; nothing where nothing clashes."""
    if clashes:
        lines = "\n".join(f"- {schedule_words.clash(one)}" for one in clashes)
        st.warning(f"Needed twice at the same time:\n{lines}", icon=":material/event_busy:")
