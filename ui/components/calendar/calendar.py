"""The calendar on screen: one component for month, week and list, and the way to a session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import streamlit as st

from services.calendar.calendar import Day, Entry, Standing
from services.calendar.calendar_days import View, span, turned, within_reach
from ui.components import words
from ui.components.answers import mounted
from ui.components.scripts import loader

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
MOST_A_DAY: Final = {View.MONTH: 4, View.WEEK: 12, View.LIST: 12, View.DAY: 200}
_BUTTONS: Final = {View.MONTH: "Month", View.WEEK: "Week", View.LIST: "List"}
_UNSAID: Final = {Standing.PLANNED, Standing.HELD}

_mount = st.components.v2.component("alongside.calendar", js=loader("calendar"))


@dataclass(frozen=True, slots=True)
class Look:
    """Which page of the calendar is open. No view until she chooses one: a month, or on a narrow
    screen a list."""

    chosen: View | None
    day: date

    @property
    def view(self) -> View:
        """What the days are read for."""
        return self.chosen or View.MONTH


def sessions_calendar(
    look: Look,
    days: Sequence[Day],
    *,
    key: str,
    today: date,
    href: Callable[[Entry], str],
    on_look: Callable[[Look], None],
) -> Entry | None:
    """Show the days of `look`; the session just chosen.

    `href` is where a session leads when it is opened in another tab. `on_look` runs before the
    page does, with the page of the calendar she turned to.
    """
    entries = {entry.ref: entry for day in days for entry in day.entries}
    key = mounted(key)
    _mount(
        key=key,
        data=_data(look, days, today, href),
        on_go_change=partial(_went, key, look, today, on_look),
        on_open_change=partial(_opened, key, entries),
    )
    chosen: Entry | None = st.session_state.pop(f"{key}.opened", None)
    return chosen


def title(look: Look) -> str:
    """What a page of the calendar is called."""
    if look.view is View.DAY:
        return words.day(look.day)
    if look.view is View.WEEK:
        first = span(View.WEEK, look.day).first
        return f"Week of {first.day} {first:%B %Y}"
    return f"{look.day:%B %Y}"


def _data(
    look: Look, days: Sequence[Day], today: date, href: Callable[[Entry], str]
) -> dict[str, Any]:
    shown, there = span(look.view, look.day), {day.day: day for day in days}
    return {
        "view": look.view.value,
        "chosen": look.chosen is not None,
        "day": look.day.isoformat(),
        "today": today.isoformat(),
        "title": title(look),
        "earlier": title(Look(look.chosen, turned(look.view, look.day, -1))),
        "later": title(Look(look.chosen, turned(look.view, look.day, 1))),
        "views": [{"view": view.value, "label": label} for view, label in _BUTTONS.items()],
        "weekdays": WEEKDAYS,
        "nothing": f"No sessions: {title(look)}.",
        "days": [_day(look, day, there.get(day), today, href) for day in shown.days],
    }


def _day(
    look: Look, day: date, found: Day | None, today: date, href: Callable[[Entry], str]
) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "number": day.day,
        "name": words.day(day),
        "inside": look.view is not View.MONTH or day.month == look.day.month,
        "today": day == today,
        "sessions": [_session(entry, href) for entry in found.entries] if found else [],
        "more": found.more if found else 0,
        "takingPlace": found.taking_place if found else 0,
    }


def _session(entry: Entry, href: Callable[[Entry], str]) -> dict[str, str]:
    said = "" if entry.standing in _UNSAID else words.label(entry.standing.value)
    return {
        "ref": entry.ref,
        "href": href(entry),
        "time": words.clock_time(entry.starts),
        "until": f"to {words.clock_time(entry.ends)}",
        "group": entry.code_name,
        "detail": f"Session {entry.number} of {entry.sessions}: {entry.topic}",
        "standing": entry.standing.value,
        "said": said,
    }


def _went(key: str, look: Look, today: date, on_look: Callable[[Look], None]) -> None:
    sent = _sent(key, "go")
    there = _look(sent, look, today) if isinstance(sent, Mapping) else None
    if there is not None:
        on_look(there)


def _look(sent: Mapping[str, Any], look: Look, today: date) -> Look | None:
    """The page she turned to, or None where only a tampered browser could have sent it."""
    try:
        view = None if sent.get("view") is None else View(sent["view"])
        day = date.fromisoformat(sent["day"])
    except (KeyError, TypeError, ValueError):
        return None
    if not within_reach(day):
        return None
    match sent.get("pages"):
        case None:
            pass
        case 0:
            day = today
        case 1 | -1 as pages:
            day = turned(view or look.view, day, pages)
        case _:
            return None
    return Look(view, day)


def _opened(key: str, entries: Mapping[str, Entry]) -> None:
    """Only what was on the screen can be chosen."""
    ref = _sent(key, "open")
    entry = entries.get(ref) if isinstance(ref, str) else None
    st.session_state[f"{key}.opened"] = entry


def _sent(key: str, event: str) -> Any:
    state = st.session_state.get(key)
    return state.get(event) if isinstance(state, Mapping) else None
