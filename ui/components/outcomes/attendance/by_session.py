"""Attendance by session, how far places came, and where in a course people stop coming."""

from functools import partial

import pandas as pd
import streamlit as st

from services.attendance import attendance_report, cohort_heat, reached
from services.attendance.attendance_report import AttendanceReport
from services.db import reading
from services.permissions import Actor
from services.tallies.shares import SHOWN_INSIDE_FROM, sees_small_numbers
from ui import charts
from ui.components import chart
from ui.components.folded import folded
from ui.components.outcomes.steps import people, show_steps
from ui.components.side_by_side import side_by_side


def by_session(actor: Actor, programme: str | None) -> None:
    """Over all sessions, by session number, and how many started, engaged and completed."""
    with reading() as db:
        found = attendance_report.report(db, actor, programme=programme)
        steps = reached.steps(db, actor, programme=programme)
    _overall(found)
    _chart(found)
    if sees_small_numbers(actor) and not found.sessions.empty:
        folded(
            "By when the groups began", partial(_cohorts, actor, programme), key="attendance_heat"
        )
    if steps:
        st.header("Started, engaged, completed")
        show_steps(steps, "Of places given", alt="Started, engaged and completed, in places")
        st.caption(reached.RULE)
        folded("The same in people", partial(people, actor, programme), key="attendance_people")


def _overall(found: AttendanceReport) -> None:
    figures: dict[str, str | int] = {}
    if found.live and found.content:
        live, content = found.live, found.content
        figures[f"Live: {live.count:,} of {live.of:,}"] = live.percent
        figures[f"Content covered: {content.count:,} of {content.of:,}"] = content.percent
    side_by_side(figures | {"Registers still to be finished": f"{found.unfinished:,}"})


def _chart(found: AttendanceReport) -> None:
    if not found.sessions.empty:
        chart.show(
            charts.attendance_by_session(),
            found.sessions,
            alt=found.in_words,
            table={
                "session": "Session",
                "expected": "Expected",
                "attended": "There",
                "label": "Live, with 95% interval",
                "content_label": "Content covered",
            },
        )
    for note in found.notes:
        st.caption(note)


def _cohorts(actor: Actor, programme: str | None) -> None:
    with reading() as db:
        frame = cohort_heat.heat(db, actor, programme=programme)
    if frame.empty:
        st.info("No group that began in the last two years has a mark yet.")
        return
    said = _lowest(frame)
    chart.show(
        charts.cohorts_by_session(),
        frame,
        alt=f"Live attendance by quarter of start and session number. {said}",
        table={"quarter": "Began in", "session": "Session", "label": "There, of those expected"},
        key="cohorts",
        caption=(
            f"{said} All groups that began in a quarter together; the darker, the more came. "
            f"\\* fewer than {SHOWN_INSIDE_FROM} people were expected. Cells at the end of a "
            "row rest on longer programmes, and may be lower or higher for that alone."
        ),
    )


def _lowest(frame: pd.DataFrame) -> str:
    rows = [row for row in frame.to_dict("records") if row["percent"] != "*"]
    if not rows:
        return "Every cell rests on fewer than five people."
    least = min(rows, key=lambda row: row["attended"] / row["expected"])
    return (
        f"The lowest is {least['label']}, at session {least['session']} of groups that began in "
        f"{least['quarter']}."
    )
