"""The sessions of the coming days with a light each, and what stands behind one."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from services.db import reading
from services.groups.safe_to_run import coming
from services.groups.safe_to_run.coming import ComingSession
from services.groups.safe_to_run.verdict import Light
from services.permissions import Actor
from ui.components.choose import Columns, choose_row, time_column
from ui.components.words import literal, short_day
from ui.navigation import file_of

# Told apart without colour: each has a form and a word of its own.
LIGHTS = {
    Light.GREEN: "● Safe to run",
    Light.AMBER: "▲ To settle",
    Light.RED: "■ Not as it is",
}
_CHOSEN = "cover_chosen"
# How it stands comes second, so that a phone shows when and what is missing side by side.
_COLUMNS: Columns = {
    "starts": time_column("When"),
    "stands": "First of all",
    "group": "Group",
    "number": "Session",
    "adults": "Adults",
}


def sessions_with_lights(actor: Actor) -> None:
    """A table of the next two weeks; choosing a row shows everything about that session."""
    with reading() as db:
        sessions = coming.coming(db, actor)
    if not sessions:
        st.info(
            "No session is planned in the next two weeks. Once a group has sessions, they "
            "appear here with what is still missing."
        )
        return
    st.write(_summary(sessions))
    chosen = choose_row(_frame(sessions), _COLUMNS, key="cover", alt="Sessions to come")
    if chosen is not None:
        st.session_state[_CHOSEN] = chosen["ref"]
    shown = next((one for one in sessions if one.ref == st.session_state.get(_CHOSEN)), None)
    if shown is not None:
        _one(shown)


def sessions_not_safe(actor: Actor) -> None:
    """For Today: those of the next seven days that cannot be held as they stand."""
    with reading() as db:
        sessions = coming.red(db, actor)
    if not sessions:
        return
    st.header(f"Sessions that cannot be held as they stand ({len(sessions)})", anchor=False)
    columns = {name: _COLUMNS[name] for name in ("starts", "stands", "group")}
    chosen = choose_row(
        _frame(sessions), columns, key="today_cover", alt="Sessions not safe to run"
    )
    if chosen is not None:
        st.session_state[_CHOSEN] = chosen["ref"]
        st.switch_page(file_of("cover"))


def _summary(sessions: Sequence[ComingSession]) -> str:
    counts = {
        light: sum(one.verdict.light is light for one in sessions) for light in reversed(Light)
    }
    return " · ".join(f"{LIGHTS[light]}: {count}" for light, count in counts.items())


def _frame(sessions: Sequence[ComingSession]) -> pd.DataFrame:
    rows = [
        (
            one.ref,
            one.starts,
            _stands(one),
            one.group,
            one.number,
            f"{one.verdict.adults} of {one.verdict.needed}",
        )
        for one in sessions
    ]
    return pd.DataFrame(rows, columns=["ref", *_COLUMNS])


def _stands(session: ComingSession) -> str:
    """The form of its light with what to settle first, or that there is nothing."""
    light = LIGHTS[session.verdict.light]
    findings = session.verdict.findings
    return f"{light[0]} {findings[0].says}" if findings else light


def _one(session: ComingSession) -> None:
    day = short_day(session.starts)
    st.subheader(f"{literal(session.group)}, session {session.number}, {day}", anchor=False)
    if not session.verdict.findings:
        st.write("Nothing stands against it.")
    lines = (
        f"- {LIGHTS[one.light][0]} {literal(one.says)} **Next:** {literal(one.next_step)}"
        for one in session.verdict.findings
    )
    st.markdown("\n".join(lines))
    if st.button("Open the group", key="cover_group", type="tertiary"):
        st.switch_page(file_of("groups"), query_params={"group": session.group_ref})
