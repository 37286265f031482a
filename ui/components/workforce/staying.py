"""Staying and leaving: how long active volunteers stay, where people move on from, and why."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.workforce import leaving, retention
from services.volunteers.workforce.small import HIDDEN, SHOWN_FROM
from ui import charts
from ui.components import chart
from ui.components.choose import show_rows
from ui.components.folded import folded


def staying(actor: Actor) -> None:
    """The curve, then where and why people move on."""
    with reading() as db:
        kept = retention.retention(db, actor)
        left = leaving.leaving(db, actor)
    _curve(kept)
    _leaving(left)


def _curve(kept: retention.Retention) -> None:
    st.header("How long active volunteers stay", anchor=False)
    if kept.curve.empty:
        st.info(
            f"A curve is shown from {SHOWN_FROM} volunteers on who became active in the last five "
            "years. There are fewer so far."
        )
        return
    last = kept.curve.iloc[-1]
    half = (
        "more than half are with us still"
        if kept.median is None
        else f"half have moved on by month {kept.median:.0f}"
    )
    chart.show(
        charts.staying(),
        kept.curve,
        alt=(
            f"The share of volunteers who stay, by months since each became active. At month "
            f"{last['month']:.0f}: {last['label']}; {half}."
        ),
        table={
            "month": st.column_config.NumberColumn("Month", format="%.1f"),
            "share": st.column_config.NumberColumn("Stay", format="percent"),
            "low": st.column_config.NumberColumn("From", format="percent"),
            "high": st.column_config.NumberColumn("To", format="percent"),
            "left": "Moved on then",
            "at_risk": "Counted still",
        },
        key="staying",
        caption=(
            f"All {kept.people:,} who became active in the last five years, of whom {kept.left:,} "
            "have moved on (Kaplan-Meier, 95% intervals by Greenwood, log-log). Whoever is with us "
            "still counts for as long as she has been; stepping back is not leaving. It says how "
            "long people stay, not why. Beneath the curve: how many are counted still. It "
            f"ends where fewer than {SHOWN_FROM} are. Who never became active is not in it."
        ),
    )


def _leaving(left: leaving.Leaving) -> None:
    st.header("Where people move on from, and why", anchor=False)
    if left.people == 0:
        st.info("Nobody has moved on in the last two years.")
        return
    everybody = "How many moved on is hidden" if left.people is None else f"{left.people} moved on"
    st.write(f"{everybody} in the last two years. Stepping back is not counted: it is no leaving.")
    hides = bool(left.where["people"].isna().any() or left.why["people"].isna().any())
    for frame, title, key in (
        (left.where, "From where", "where"),
        (left.why, "Why, in the words of the list of reasons", "why"),
    ):
        st.subheader(title, anchor=False)
        chart.show(
            charts.people_leaving(),
            frame,
            alt=f"{title}: {_in_words(frame)}.",
            table={"what": title, "label": "Volunteers"},
            key=key,
            figure=f"moved_on:{key}",
            caption=HIDDEN if hides else "",
        )
    folded("Reasons by where she was", lambda: _both(left.both), key="reasons_by_place")


def _both(both: pd.DataFrame) -> None:
    counts = [column for column in both.columns if column != "reason"]
    shown = both.assign(**{one: both[one].astype("string").fillna("*") for one in counts})
    show_rows(
        shown,
        {"reason": "Reason", **{one: one for one in counts}},
        alt="Reasons for moving on, by where she was",
    )


def _in_words(frame: pd.DataFrame) -> str:
    return ", ".join(f"{row.what} {row.label}" for row in frame.itertuples())
