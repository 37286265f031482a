"""How long people stay, why places end early, how people are away, and the way in."""

from functools import partial

import pandas as pd
import streamlit as st

from services.attendance import staying as service
from services.db import reading
from services.permissions import Actor
from services.tallies.shares import SHOWN_INSIDE_FROM, numbered
from ui import charts
from ui.components import chart
from ui.components.folded import folded
from ui.components.side_by_side import side_by_side


def staying(actor: Actor, programme: str | None) -> None:
    """The curve, reasons for leaving and for absence, and the time to a first session."""
    with reading() as db:
        found = service.staying(db, actor, programme=programme)
        reasons = service.reasons(db, actor, programme=programme)
        first = service.first_session(db, actor)
    _curve(found)
    st.header("Why places ended early", anchor=False)
    _reasons(
        reasons.leaving,
        none="No place has ended early, so there is no reason to show.",
        alt="Reasons why places ended early",
        of=(
            "place that ended early, before a first session or after it",
            "places that ended early, before a first session or after it",
        ),
        key="leaving",
    )
    st.header("When people were away", anchor=False)
    _reasons(
        reasons.absence,
        none="Nobody who was expected has been away.",
        alt="How people who were expected were away",
        of=("mark of somebody expected", "marks of people expected"),
        key="absence",
    )
    st.caption(
        "Abuse, court dates and childcare cause much absence. The register says whether people "
        "told us, not why they stayed away; why is known only where somebody said so."
    )
    folded("From referral to first session", partial(_first, first), key="attendance_first")


def _curve(found: service.Staying) -> None:
    st.header("How long people stay", anchor=False)
    never = (
        f" {found.never_came:,} enrolled and have not come to a session so far: they are not in "
        "the curve."
        if found.never_came
        else ""
    )
    if found.curve.empty:
        so_far = f"{found.started or 'nobody'} so far"
        st.info(
            f"A curve is shown from {SHOWN_INSIDE_FROM} people on who started: {so_far}.{never}"
        )
        return
    last = found.curve.iloc[-1]
    half = (
        "more than half stay"
        if found.median is None
        else f"half have left by their session {found.median}"
    )
    none_left = "" if found.left else " Nobody has left early, so the curve is level."
    chart.show(
        charts.staying_in_group(),
        found.curve,
        alt=(
            "The share of those who started who are in their group still, by sessions. "
            f"At session {last['session']}: {last['label']}; {half}."
        ),
        table={
            "session": "After session",
            "label": "In the group still",
            "left": "Left then",
            "at_risk": "Followed so far",
        },
        key="staying",
        caption=(
            f"{found.started:,} places in which somebody started, of which {found.left:,} ended "
            f"early (Kaplan-Meier, 95% intervals by Greenwood, log-log).{none_left} Who is there "
            "still, has completed or moved to another group counts for as long as she was "
            f"followed.{never} It ends where fewer than {SHOWN_INSIDE_FROM} are followed, and says "
            "how long people stay, not why."
        ),
    )


def _reasons(frame: pd.DataFrame, *, none: str, alt: str, of: tuple[str, str], key: str) -> None:
    if frame.empty:
        st.info(none)
        return
    said = ", ".join(f"{row.what} {row.people:,}" for row in frame.itertuples())
    chart.show(
        charts.counted_reasons(),
        frame,
        alt=f"{alt}: {said}.",
        table={"what": "What", "label": "How many, with 95% interval"},
        key=key,
        figure={"leaving": "left", "absence": "away"}[key],
        caption=f"Of {numbered(int(frame['of'].iloc[0]), *of)}.",
    )


def _first(found: service.FirstSession) -> None:
    if found.median is None or found.ninetieth is None:
        st.info("Nobody who was referred has come to a first session yet.")
        return
    side_by_side(
        {
            "Half within (days)": f"{found.median:.0f}",
            "Nine in ten within (days)": f"{found.ninetieth:.0f}",
        }
    )
    st.caption(
        f"Of {numbered(found.n)} who were referred and came to a first session, over all "
        "programmes. Who waits still is not among them, so waits now may be longer: see Waiting "
        "times."
    )
