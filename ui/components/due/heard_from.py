"""On Today: what volunteers have told by themselves, what they are still to be paid, and thanked
for."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.contribution import settling, thanking
from services.volunteers.support import heard
from ui.components.choose import choose_row, date_column
from ui.components.contribution.words import KINDS, STATES, milestone, pounds
from ui.components.parts import address_of
from ui.components.volunteer.supervision import open_support
from ui.navigation import file_of

_WHAT = {
    "stepped_back": "Has stepped back",
    "came_back": "Is back",
    "check_in": "Told how she is",
    "debrief": "Told how a session was",
}


def heard_from_volunteers(actor: Actor) -> None:
    """Who wrote, and of what kind; the words stand on her record alone."""
    with reading() as db:
        frame = heard.news(db, actor)
    if frame.empty:
        return
    st.header(f"Heard from volunteers ({len(frame)})", anchor=False)
    columns = {"name": "Name", "what": "What", "on": date_column("On")}
    shown = frame.assign(what=frame["what"].map(_WHAT))
    chosen = choose_row(shown, columns, key="today_heard", alt="Heard from volunteers")
    if chosen is not None:
        open_support(actor, chosen["ref"])


def expenses_due(actor: Actor) -> None:
    """What is asked or approved and not paid, the longest first: some cannot front the cost."""
    with reading() as db:
        frame = settling.waiting(db, actor)
    if frame.empty:
        return
    many = f"{settling.MOST} or more" if len(frame) == settling.MOST else len(frame)
    st.header(f"Expenses to settle ({many})", anchor=False)
    columns = {
        "name": "Name",
        "sum": "Sum",
        "state": "State",
        "asked": date_column("Asked on"),
        "kind": "What",
    }
    shown = frame.assign(
        sum=frame["pence"].map(pounds),
        kind=frame["kind"].map(KINDS),
        state=[
            f"{STATES[state]}, late" if late else STATES[state]
            for state, late in zip(frame["state"], frame["is_late"], strict=True)
        ],
    )
    chosen = choose_row(shown, columns, key="today_expenses", alt="Expenses to settle")
    if chosen is not None:
        _open_contribution(chosen["volunteer_ref"])


def thanks_due(actor: Actor) -> None:
    """What her volunteers have reached and nobody has thanked them for."""
    with reading() as db:
        frame = thanking.to_thank(db, actor)
    if frame.empty:
        return
    st.header(f"Volunteers to thank ({len(frame)})", anchor=False)
    columns = {"name": "Name", "what": "For", "reached_on": date_column("Reached on")}
    what = [milestone(*one) for one in zip(frame["kind"], frame["step"], strict=True)]
    chosen = choose_row(frame.assign(what=what), columns, key="today_thanks", alt="To thank")
    if chosen is not None:
        _open_contribution(chosen["ref"])


def _open_contribution(ref: str) -> None:
    where = {"volunteer": ref, **address_of("contribution")}
    st.switch_page(file_of("volunteers"), query_params=where)
