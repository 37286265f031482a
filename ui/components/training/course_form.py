"""The forms that add a course and change one."""

import streamlit as st

from models import PlacementRole
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.training import courses
from services.volunteers.training.courses import MAX_NAME, CourseDraft, CourseView
from ui.components.form_fields import (
    Room,
    done,
    explain,
    fresh,
    keep,
    line,
    number_field,
    saving,
    seen,
)
from ui.components.volunteer.words import ROLES
from ui.navigation import file_of

_NEW = CourseView("", "", 2.0, None, (), is_active=True, version=1)


def add_course(actor: Actor) -> None:
    """A course of the charity's own; then its page opens."""
    room: Room = {}
    with st.form(fresh("course", "new"), border=False):
        draft = _fields(room, "new", _NEW)
        pressed = st.form_submit_button("Add the course", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            ref = courses.add(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        done("The course is in the list now.")
        st.switch_page(file_of("training"), query_params={"course": ref})


def change_course(actor: Actor, one: CourseView) -> None:
    """Whatever was recorded keeps its hours and its last day."""
    room: Room = {}
    with st.form(fresh("course", one.ref), border=False):
        draft = _fields(room, one.ref, one)
        pressed = st.form_submit_button(
            "Save the course", type="primary", on_click=keep, args=(one.version,)
        )
    if not pressed:
        return
    with saving(
        "The course is changed. Days recorded before keep their hours and last day.", room
    ) as db:
        courses.change(db, actor, one.ref, draft, version=seen())


def _fields(room: Room, own: str, one: CourseView) -> CourseDraft:
    own = f"{own}_course"
    name = line(st, room, "name", "Name", own, value=one.name, max_chars=MAX_NAME)
    long = number_field(st, room, "hours", "Hours", own, value=one.hours, step=0.25)
    label = "Counts for how many months; empty for good"
    months = number_field(st, room, "refresh_months", label, own, value=one.refresh_months, step=1)
    roles = st.multiselect(
        "Needed for", list(ROLES), default=list(one.needed_for), format_func=ROLES.__getitem__,
        help="Nobody is placed in these roles without this course in date.",
        key=fresh("needed_for", own),
    )  # fmt: skip
    is_active = one.is_active
    if one.ref:
        is_active = st.toggle("Still held", value=one.is_active, key=fresh("is_active", own))
    return CourseDraft(
        name=name,
        hours=long,
        refresh_months=months,
        needed_for=[PlacementRole(role) for role in roles],
        is_active=is_active,
    )
