"""Figures beside each other, each as wide as its words, on as many lines as the screen needs."""

from collections.abc import Mapping

import streamlit as st


def side_by_side(figures: Mapping[str, str | int]) -> None:
    """Each figure beneath what it says. On a phone, columns would give every one its own line."""
    with st.container(horizontal=True, gap="medium"):
        for label, figure in figures.items():
            st.metric(label, figure, width="content")
