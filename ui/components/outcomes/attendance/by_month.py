"""Attendance month by month, within the limits of chance."""

import streamlit as st

from services.attendance import attendance_months
from services.attendance.attendance_months import HOW, PROVISIONAL, Rate
from services.db import reading
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.outcomes.period_filter import period_filter


def by_month(actor: Actor, programme: str | None) -> None:
    """Live attendance and content covered, each with its limits."""
    period = period_filter(key="attendance_months")
    if period is None:
        return
    with reading() as db:
        found = attendance_months.by_month(db, actor, period, programme=programme)
    if found.live is None or found.content is None:
        st.info(
            "Nobody was expected at a session in these months, so there is no rate to show. "
            "Choose another period, or all programmes."
        )
        return
    _rate("Live attendance", found.live, key="live")
    _rate("Content covered, catch-ups included", found.content, key="content")
    st.caption(HOW)
    if found.live.is_provisional:
        st.caption(PROVISIONAL)


def _rate(title: str, rate: Rate, *, key: str) -> None:
    st.header(title, anchor=False)
    overall = rate.overall
    said = (
        f"{overall.percent} over all, {overall.count:,} of {overall.of:,} expected, in "
        f"{len(rate.months)} month{'s' if len(rate.months) != 1 else ''}"
    )
    if len(rate.months) == 1:
        st.write(f"{rate.months.iloc[0]['month']}: {rate.months.iloc[0]['label']}.")
        st.caption("One month alone does not show whether anything changed.")
        return
    asks = [f"{row.month}: {row.signal}" for row in rate.asks.itertuples()]
    stands_out = f"To ask about: {'; '.join(asks)}." if asks else "No month stands out."
    chart.show(
        charts.attendance_by_month(),
        rate.months,
        alt=f"{title} by month: {said}. {stands_out}",
        table={
            "month": "Month",
            "label": "Of those expected, with 95% interval",
            "low": st.column_config.NumberColumn("Limits from", format="percent"),
            "high": st.column_config.NumberColumn("to", format="percent"),
            "signal": "It is",
        },
        key=key,
        figure=f"months:{key}",
        caption=f"{said}. {stands_out}",
    )
