"""A volunteer's training: hours, what her roles need, each day of it, certificates."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.training import courses, records, standing
from services.volunteers.training.certificate import certificate
from services.volunteers.training.records import DayDraft
from services.volunteers.volunteers import VolunteerSummary
from ui.components import paper
from ui.components.folded import folded
from ui.components.form_fields import Room, choice, fresh, needed, saving
from ui.components.training.course_view import day_fields
from ui.components.training.taken import courses_taken, hours_lately, still_needed
from ui.components.volunteer.check_words import day


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """What there is, what is missing, and what can be done."""
    with reading() as db:
        taken = standing.of_volunteer(db, actor, one.ref)
    hours_lately(taken)
    if taken.missing:
        still_needed(taken)
    else:
        st.caption("No role needs a course. Say under Training which ones do.")
    courses_taken(taken, alt="Her training")
    folded("Add a day of training", partial(_mark, actor, one), key=f"mark_{one.ref}")
    if not taken.days.empty:
        names = _names(taken.days)
        folded("Certificate", partial(_certificate, actor, one, names), key=f"paper_{one.ref}")
        label = "Take back a day noted by mistake"
        folded(label, partial(_take_back, actor, one, names), key=f"back_{one.ref}")


def _mark(actor: Actor, one: VolunteerSummary) -> None:
    with reading() as db:
        offered = courses.offered(db, actor)
    room: Room = {}
    own = f"{one.ref}_day"
    with st.form(fresh("mark", one.ref), border=False):
        course = choice(room, "course", "Course", offered, own, index=None)
        held_on, long, expires_on = day_fields(room, own, None)
        room["volunteers"] = st.empty()
        pressed = st.form_submit_button("Add it", type="primary")
    if not pressed:
        return
    with saving("The day is noted.", room) as db:
        draft = DayDraft(
            course_ref=needed(course, "course", "Choose the course."),
            volunteer_refs=[one.ref],
            held_on=held_on,
            hours=long,
            expires_on=expires_on,
        )
        records.mark(db, actor, draft)


def _certificate(actor: Actor, one: VolunteerSummary, names: dict[str, str]) -> None:
    st.caption(
        "A certificate carries her name and the course. Ask her how she would like to have it: "
        "on paper, in her hand, is safest. Each one is written in the audit log."
    )
    room: Room = {}
    ref = choice(room, "certificate", "For which day", names, one.ref, index=0)
    if ref is None:
        return
    paper.sheet_button(
        "Certificate of attendance",
        lambda db: certificate(db, actor, ref),
        key=f"certificate_{one.ref}",
    )


def _take_back(actor: Actor, one: VolunteerSummary, names: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("back", one.ref), border=False):
        day_of = choice(room, "training", "Which day", names, f"{one.ref}_back", index=None)
        pressed = st.form_submit_button("Take it back")
    if not pressed:
        return
    with saving("The day is taken back. The one before it counts again.", room) as db:
        records.take_back(db, actor, needed(day_of, "training", "Choose the day."))


def _names(days: pd.DataFrame) -> dict[str, str]:
    return {
        ref: f"{course}, {day(held)}"
        for ref, course, held in zip(days["training"], days["course"], days["held"], strict=True)
    }
