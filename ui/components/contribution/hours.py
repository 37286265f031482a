"""Hours given: the figures, the milestones, and the entries besides sessions."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services import clock
from services.volunteers.contribution.hours import Given, HoursDraft
from services.volunteers.training.hours import in_hours
from ui.components import words
from ui.components.choose import date_column, show_rows
from ui.components.contribution.words import milestone
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    line,
    needed,
    number_field,
    saving,
)
from ui.components.presses import submit
from ui.components.side_by_side import side_by_side


def figures(given: Given) -> None:
    """How much there is, and what has been reached."""
    side_by_side(
        {
            "Hours in all": f"{in_hours(given.minutes):g}",
            "Sessions": given.sessions,
            "Hours besides sessions": f"{in_hours(given.other_minutes):g}",
        }
    )
    said = [*_reached(given)]
    if said:
        st.write(f":material/celebration: {' and '.join(said)}: thank you.")
    if given.reached.next_hours:
        st.caption(f"The next milestone is {given.reached.next_hours:,} hours.")


def others(
    given: Given,
    ref: str,
    *,
    add: Callable[[Any, HoursDraft], object],
    remove: Callable[[Any, str], object],
    only_own: bool,
) -> None:
    """The entries besides sessions, and the forms that add one and take one out."""
    st.header("Besides sessions", anchor=False)
    if given.others.empty:
        st.caption("Nothing yet: meetings, training days or an open evening count as well.")
    else:
        columns = {
            "on": date_column("On"),
            "hours": st.column_config.NumberColumn("Hours", format="%g"),
            "what": "What",
        }
        show_rows(given.others, columns, alt="Hours besides sessions")
    folded("Add hours", partial(_add, ref, add), key=f"other_hours_{ref}")
    removable = given.others[given.others["is_own"]] if only_own else given.others
    if len(removable):
        out = partial(_remove, ref, removable, remove)
        folded("Remove an entry", out, key=f"other_hours_out_{ref}")


def _reached(given: Given) -> list[str]:
    reached, said = given.reached, []
    if reached.hours:
        said.append(milestone("hours", reached.hours))
    if reached.months:
        said.append(milestone("months", reached.months))
    return said


def _add(ref: str, add: Callable[[Any, HoursDraft], object]) -> None:
    room: Room = {}
    with st.form(fresh("other_hours", ref), border=False):
        on = date_field(st, room, "given_on", "On", ref, value=clock.today())
        long = number_field(st, room, "hours", "Hours", ref, value=1.0, key="given", step=0.25)
        what = line(st, room, "what", "What it was, naming nobody", f"{ref}_hours")
        pressed = submit("Add these hours", key=fresh("other_hours_added", ref), type="primary")
    if not pressed:
        return
    with saving("The hours are kept.", room) as db:
        add(db, HoursDraft(given_on=on, hours=long, what=what))


def _remove(ref: str, entries: pd.DataFrame, remove: Callable[[Any, str], object]) -> None:
    names = {
        entry: f"{words.day(on)}: {what}"
        for entry, on, what in zip(entries["ref"], entries["on"], entries["what"], strict=True)
    }
    room: Room = {}
    with st.form(fresh("other_hours_out", ref), border=False):
        chosen = choice(room, "gone_hours", "Entry", names, ref, index=None)
        pressed = st.form_submit_button("Remove it")
    if not pressed:
        return
    with saving("The entry is out.", room) as db:
        remove(db, needed(chosen, "gone_hours", "Choose the entry to take out."))
