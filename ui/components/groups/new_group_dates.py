"""When a new group meets: in a rhythm from a first day on, or on single dates."""

from datetime import time, timedelta
from typing import Any, Final

import streamlit as st

from services import clock
from services.groups.schedules.written import EXAMPLE
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import REGIONS
from ui.components.form_fields import Room

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_SINGLE: Final = 0
_RHYTHMS: Final = {1: "Every week", 2: "Every two weeks", _SINGLE: "On single dates"}


def dates_fields(chosen: ProgrammeTemplate, usual_region: str, room: Room) -> dict[str, Any]:
    """What a `GroupDraft` says of when it meets."""
    every = st.radio(
        "It meets",
        list(_RHYTHMS),
        format_func=_RHYTHMS.__getitem__,
        horizontal=True,
        key="new_group_interval",
    )
    found: dict[str, Any] = {"first_day": clock.today(), "weekdays": []}
    if every == _SINGLE:
        return found | _single_dates(room)
    return found | _rhythm(chosen, room) | _breaks(usual_region, room) | {"interval_weeks": every}


def _single_dates(room: Room) -> dict[str, Any]:
    days = st.text_area(
        "The days, one a line", placeholder="21/12/2026\n04/01/2027", key="new_group_single"
    )
    room["single_dates"] = st.empty()
    start = st.time_input("Starts at", value=time(10), step=900, key="new_group_single_start")
    return {"single_dates": days, "start": start}


def _rhythm(chosen: ProgrammeTemplate, room: Room) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    first = left.date_input(
        "First day",
        value=clock.today() + timedelta(days=14),
        format="DD/MM/YYYY",
        key="new_group_first",
    )
    start = middle.time_input("Starts at", value=time(10), step=900, key="new_group_start")
    sessions = right.number_input(
        "Sessions",
        value=chosen.sessions,
        help="Topics come round again where a programme is rolling or open.",
        key=f"new_group_sessions_{chosen.key}",
    )
    room["first_day"], room["sessions"] = left.empty(), right.empty()
    days = st.pills(
        "Weekdays",
        range(7),
        format_func=lambda day: WEEKDAYS[day],
        selection_mode="multi",
        default=[clock.today().weekday() % 5],
        key="new_group_weekdays",
    )
    room["weekdays"] = st.empty()
    return {"first_day": first, "start": start, "sessions": int(sessions), "weekdays": list(days)}


def _breaks(usual_region: str, room: Room) -> dict[str, Any]:
    with st.expander("Breaks and bank holidays"):
        regions = list(REGIONS)
        region = st.selectbox(
            "Bank holidays of", regions, index=regions.index(usual_region), key="new_group_region"
        )
        breaks = st.text_area(
            "Days and breaks without a session, one a line",
            placeholder=EXAMPLE.replace(", or ", "\n"),
            key="new_group_breaks",
        )
    room["breaks"] = st.empty()
    return {"region": region, "breaks": breaks}
