"""Waiting times on screen: a chart for each clock, who it rests on, and the table behind it."""

import pandas as pd
import streamlit as st

from ui import charts
from ui.components import chart

_CLOCKS = {
    "contact": ("To the first contact", "have been spoken with"),
    "offer": ("To the offer of a place", "have been offered a place"),
    "session": ("To the first session", "have come to a first session"),
}


def show_clock(frame: pd.DataFrame, clock: str) -> None:
    """One clock by quarter, the oldest first; who waits still is counted in words above it."""
    title, reached = _CLOCKS[clock]
    st.header(title, anchor=False)
    st.write(_who_it_rests_on(frame, reached))
    chart.show(
        charts.waiting_times(),
        frame,
        alt=_in_words(frame, title),
        table={
            "quarter": "Referred in",
            "referrals": "Referrals",
            "reached": "Reached (n)",
            "median": st.column_config.NumberColumn("Half within, days", format="%.1f"),
            "ninetieth": st.column_config.NumberColumn("Nine in ten within, days", format="%.1f"),
            "waiting": "Wait still",
            "ended": "Ended before",
        },
        key=clock,
        caption="Dot: half within; bar: nine in ten within; above it, how many of all referrals.",
    )


def _who_it_rests_on(frame: pd.DataFrame, reached: str) -> str:
    n, of = int(frame["reached"].sum()), int(frame["referrals"].sum())
    waiting, ended = int(frame["waiting"].sum()), int(frame["ended"].sum())
    longest = frame["longest"].max()
    still = f"{waiting:,} wait still" + (f", the longest {longest} days so far" if waiting else "")
    return (
        f"Of {of:,} referrals, {n:,} {reached}; {still}; {ended:,} ended before. The figures are "
        "of those reached: in a quarter where many wait still they will grow."
    )


def _in_words(frame: pd.DataFrame, title: str) -> str:
    known = frame[frame["reached"] > 0]
    if known.empty:
        return f"{title}: nobody yet."
    newest = known.iloc[-1]
    return (
        f"{title}, by quarter. In {newest['quarter']} half waited {newest['median']:.1f} days or "
        f"less and nine in ten {newest['ninetieth']:.1f} or less, of {newest['reached']} reached."
    )
