"""A volunteer's support: her supervisor and what is due, and to her supervisor what was said."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.support import heard, recording, supervisors, weeks, weighing
from services.volunteers.support.load import Load
from services.volunteers.support.supervisors import DueView, SupportView
from services.volunteers.volunteers import VolunteerSummary
from ui import charts
from ui.components import words
from ui.components.chart import show
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import first_seen, fresh
from ui.components.volunteer.support_forms import (
    add_check_in,
    add_meeting,
    name_supervisor,
    remove_meeting,
)
from ui.components.volunteer.support_words import (
    DUE,
    HEAVINESS,
    ICONS,
    MEETINGS,
    SHE_SAID,
    STATES,
    SUGGESTIONS,
)
from ui.components.words import literal


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Who supports her and what is due; the rest only to whoever answers for her today."""
    with reading() as db:
        support = supervisors.of_volunteer(db, actor, one.ref)
    st.header("Support", anchor=False)
    _supervisor(support)
    due_lines(support.due)
    # As it was when the form came up: folded by a colleague's change, it would lose what is typed.
    is_open = first_seen(
        f"supervisor_open_{one.ref}", support.supervisor is None, drawn=fresh("supervisor", one.ref)
    )
    folded(
        "Her supervisor",
        partial(name_supervisor, actor, one, support),
        key=f"supervisor_{one.ref}",
        expanded=is_open,
        icon=":material/supervisor_account:",
    )
    if support.is_hers_to_read:
        for_her_supervisor(actor, one.ref)
    elif support.supervisor:
        st.caption("What they talk about is between the two of them.")


def _supervisor(support: SupportView) -> None:
    if support.supervisor is None:
        st.warning("Nobody supervises her yet. Name somebody below.", icon=ICONS["amber"])
        return
    said = f"Supervised by {literal(support.supervisor)}"
    if support.stand_in and support.stand_in_until:
        until = words.day(support.stand_in_until)
        said += f", who is away until {until}; {literal(support.stand_in)} stands in"
    st.write(f"{said}.")


def due_lines(due: tuple[DueView, ...]) -> None:
    """What comes next of each kind; what is overdue says what it stops."""
    if not due:
        st.caption("Nothing is due while she neither shadows nor is active.")
        return
    lines = [
        f"{ICONS[one.state.value]} **{STATES[one.state.value]}**: {DUE[one.kind.value]}, "
        f"{'by' if one.state.value == 'ahead' else 'since'} {words.day(one.due_on)}"
        for one in due
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))
    if any(one.state.value == "red" for one in due):
        st.info(
            "While something is overdue she is not placed with another group. What she does now "
            "goes on, and so does her support."
        )


def for_her_supervisor(actor: Actor, ref: str) -> None:
    """What was said, and what to keep: to whoever answers for her today."""
    with reading() as db:
        load = weighing.load_of(db, actor, ref)
        met = recording.meetings(db, actor, ref)
        asked = recording.check_ins(db, actor, ref)
        said = heard.after_sessions(db, actor, ref)
    _load(load)
    for label, form, icon in (
        ("Check in with her", add_check_in, ":material/favorite:"),
        ("Keep a meeting", add_meeting, ":material/forum:"),
    ):
        folded(label, partial(form, actor, ref), key=f"{form.__name__}_{ref}", icon=icon)
    _check_ins(asked)
    _after_sessions(said)
    _meetings(actor, ref, met)


def _load(load: Load) -> None:
    st.subheader("What the last eight weeks held", anchor=False)
    if load.is_empty:
        st.caption("No sessions and no check-ins in these weeks.")
        return
    st.write(SUGGESTIONS[load.suggestion.value])
    if load.she_said_so:
        st.write(SHE_SAID)
    frame = weeks.table(load)
    show(
        charts.weeks_carried(),
        frame,
        alt=_in_words(load),
        table={"week": "Week from", "part": "What", "label": "How much"},
        caption="Recent weeks count more. It is about these weeks, not about her: nobody else "
        "sees it, and nobody is compared. She may see it with you.",
    )


def _in_words(load: Load) -> str:
    sessions = sum(week.sessions for week in load.weeks)
    hard = sum(week.hard for week in load.weeks)
    answers = [week.heaviest for week in load.weeks if week.heaviest]
    said = f"her latest answer is {answers[-1]} of 5" if answers else "nobody has asked her"
    return f"Over eight weeks: sessions {sessions}, hard ones among them {hard}; {said}."


def _check_ins(asked: pd.DataFrame) -> None:
    st.subheader("Check-ins", anchor=False)
    if asked.empty:
        st.caption("No check-in yet.")
        return
    columns = {
        "on": date_column("On"),
        "heaviness": "How heavy",
        "words": st.column_config.TextColumn("In her words", width="large"),
        "by": "Kept by",
    }
    shown = asked.assign(heaviness=asked["heaviness"].map(HEAVINESS))
    show_rows(shown, columns, alt="Check-ins")


def _after_sessions(said: pd.DataFrame) -> None:
    if said.empty:
        return
    st.subheader("After sessions, as she told it", anchor=False)
    columns = {
        "on": date_column("Session of"),
        "hard": "Something hard",
        "words": st.column_config.TextColumn("In her words", width="large"),
        "answers": st.column_config.TextColumn("What she answered", width="large"),
    }
    shown = said.assign(hard=said["heard_hard"].map({True: "Yes", False: ""}))
    show_rows(shown, columns, alt="After sessions")


def _meetings(actor: Actor, ref: str, met: pd.DataFrame) -> None:
    st.subheader("Meetings", anchor=False)
    if met.empty:
        st.caption("No meeting yet.")
        return
    columns = {
        "on": date_column("On"),
        "kind": "What",
        "note": st.column_config.TextColumn("Note", width="large"),
        "by": "Kept by",
    }
    show_rows(met.assign(kind=met["kind"].map(MEETINGS)), columns, alt="Meetings")
    folded(
        "Take a meeting back",
        partial(remove_meeting, actor, ref, met),
        key=f"take_back_{ref}",
    )
