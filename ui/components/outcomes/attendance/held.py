"""Sessions that took place, and those the service had to cancel."""

import pandas as pd
import streamlit as st

from services.attendance import sessions_held
from services.db import reading
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.choose import show_rows, time_column
from ui.components.outcomes.period_filter import period_filter


def held(actor: Actor, programme: str | None) -> None:
    """Held and cancelled by month, and why."""
    period = period_filter(key="attendance_held")
    if period is None:
        return
    with reading() as db:
        found = sessions_held.sessions_held(db, actor, period, programme=programme)
    st.header("Sessions held", anchor=False)
    if found.months.empty:
        st.info("No session was held or cancelled in these months. Choose another period.")
        return
    cancelled = found.held.of - found.held.count
    said = f"{found.held.words} held; {cancelled:,} cancelled by the service"
    chart.show(
        charts.sessions_by_month(),
        found.months,
        alt=f"Sessions by month. {said}.",
        table={
            "month": "Month",
            "held": "Held",
            "cancelled": "Cancelled by the service",
            "label": "Held, with 95% interval",
        },
        key="held",
        caption=f"{said}. A session planned and not held yet counts neither way.",
    )
    _why(found.cancelled)


def _why(frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    st.subheader("Cancelled lately, and why", anchor=False)
    show_rows(
        frame,
        {"group": "Group", "number": "Session", "starts": time_column("When"), "reason": "Why"},
        alt="Sessions the service cancelled, the latest first",
    )
    st.caption(
        f"The latest {sessions_held.SHOWN} at most. Reasons are as they were typed, for the house "
        "alone."
    )
