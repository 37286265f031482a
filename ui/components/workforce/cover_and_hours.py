"""Cover for the weeks to come, and the hours that were given."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.workforce import ahead, given
from services.volunteers.workforce.small import HIDDEN
from ui import charts
from ui.components import chart


def cover_and_hours(actor: Actor) -> None:
    """What the coming sessions need and who covers it, then hours by month."""
    with reading() as db:
        coming = ahead.ahead(db, actor)
        hours = given.given(db, actor)
    _cover(coming)
    _hours(hours)


def _cover(coming: ahead.Ahead) -> None:
    st.header("Cover for the coming weeks", anchor=False)
    if not coming.needed:
        st.info(
            "No session of the next six weeks needs volunteers. What a group's sessions need is "
            "set in the rota."
        )
        return
    said = (
        f"{coming.covered:,} of {coming.needed:,} places are covered, at {coming.sessions:,} "
        "sessions in the next six weeks"
    )
    chart.show(
        charts.cover_ahead(),
        coming.weeks,
        alt=f"Places that sessions need, by week, as covered, asked and open. {said}.",
        table={
            "week": "Week from",
            "part": "Stands",
            "people": "Places",
            "needed": "Needed that week",
        },
        key="cover",
        caption=(
            f"{said}. Covered: somebody has said yes; asked: she has not answered yet; open: "
            "nobody is asked. Shadowing covers nothing, and groups whose sessions are not planned "
            "yet are missing."
        ),
    )


def _hours(hours: given.Given) -> None:
    st.header("Hours given with groups", anchor=False)
    hidden = hours.months["hours"].isna().any()
    if not hours.volunteers and not hidden:
        st.info(
            "No hours in the last twelve months. They come from debriefs, which say who was there."
        )
        return
    said = f"{hours.hours:,.0f} hours of {hours.volunteers:,} volunteers in the last twelve months"
    chart.show(
        charts.hours_by_month(),
        hours.months,
        alt=f"Hours by month. {said}.",
        table={
            "month": "Month",
            "hours": st.column_config.NumberColumn("Hours", format="%.1f"),
            "volunteers": "Volunteers",
            "sessions": "Sessions",
        },
        key="hours",
        caption=(
            f"{said}: the length of each session held that she was at, as its debrief says. "
            "Sessions without a debrief, and hours besides sessions, are missing. This month is "
            f"not over.{f' {HIDDEN}' if hidden else ''}"
        ),
    )
