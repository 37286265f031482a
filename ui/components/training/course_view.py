"""One course on screen: who has it, a day of it marked for several at once, and its details."""

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.training import records, standing
from services.volunteers.training.courses import CourseView
from services.volunteers.training.records import DayDraft
from ui.components.choose import back_to_list, choose_row, date_column, page_buttons, position
from ui.components.folded import folded
from ui.components.form_fields import Room, date_field, done, explain, fresh, number_field
from ui.components.training.course_form import change_course
from ui.components.training.course_list import open_training
from ui.components.training.words import counting, window
from ui.components.volunteer.words import ROLES
from ui.components.words import literal


def course_view(actor: Actor, one: CourseView) -> None:
    """What it is, who has it, and what can be done."""
    back_to_list("All courses")
    st.title(literal(one.name), anchor=False)
    roles = ", ".join(ROLES[role] for role in one.needed_for) or "no role"
    st.caption(
        f"{one.hours:g} hours · counts: {counting(one.refresh_months).lower()} · needed for: "
        f"{roles.lower()}{'' if one.is_active else ' · no longer held'}"
    )
    folded("Add a day of this course", partial(_mark, actor, one), key=f"mark_{one.ref}")
    folded("Change this course", partial(change_course, actor, one), key=f"change_{one.ref}")
    _who(actor, one)


def _who(actor: Actor, one: CourseView) -> None:
    st.header("Who has it", anchor=False)
    list_key = f"course_{one.ref}"
    with reading() as db:
        frame = standing.on_course(db, actor, one.ref, after=position(list_key))
    if frame.empty:
        st.caption("Nobody yet.")
        return
    st.caption("The last to take it first. Choose a row to open her training.")
    columns = {
        "name": "Name",
        "held": date_column("Taken on"),
        "until": date_column("Counts until"),
        "state": "State",
    }
    states = [window(None if pd.isna(days) else int(days)) for days in frame["window"]]
    shown = frame.assign(state=states)
    chosen = choose_row(shown, columns, key=f"who_{one.ref}", alt="Who has this course")
    last = frame["position"].iloc[-1]
    page_buttons(list_key, page=standing.PAGE, shown=len(frame), last=last)
    if chosen is not None:
        open_training(chosen["volunteer_ref"])


def _mark(actor: Actor, one: CourseView) -> None:
    with reading() as db:
        people = standing.candidates(db, actor)
    if not people:
        st.info("There is nobody to mark yet: volunteers appear here from the stage “Checks” on.")
        return
    room: Room = {}
    with st.form(fresh("mark", one.ref), border=False):
        chosen = st.multiselect(
            "Who was there", list(people), format_func=people.__getitem__,
            placeholder="Type a name", key=fresh("volunteers", one.ref),
        )  # fmt: skip
        room["volunteers"] = st.empty()
        held_on, long, expires_on = day_fields(room, one.ref, one.hours)
        pressed = st.form_submit_button("Add it", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = DayDraft(
                course_ref=one.ref,
                volunteer_refs=chosen,
                held_on=held_on,
                hours=long,
                expires_on=expires_on,
            )
            made = records.mark(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        done("Marked for one volunteer." if len(made) == 1 else f"Marked for {len(made)}.")
        st.rerun()


def day_fields(room: Room, own: str, usual: float | None) -> tuple[date, float | None, date | None]:
    """The day, the hours, and the last day it counts."""
    held_on = date_field(st, room, "held_on", "Held on", own, value=clock.today())
    long = number_field(
        st, room, "hours", "Hours", own, value=usual, key="hours_taken", step=0.25,
        placeholder="As long as the course is",
    )  # fmt: skip
    expires_on = date_field(
        st,
        room,
        "expires_on",
        "Counts until; empty for as long as the course counts",
        own,
        value=None,
    )
    return held_on, long, expires_on
