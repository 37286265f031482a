"""Making a form, and making a new version of one."""

import streamlit as st

from services.db import transaction
from services.errors import AppError
from services.forms import editing
from services.forms.definition import FormDefinition
from services.forms.rows import Row, rows
from services.forms.words import spoken
from services.permissions import Actor
from ui.components.feedback.forms.table import question_table
from ui.components.form_fields import Room, area, done, explain, fresh, keep, line, seen
from ui.components.words import literal
from ui.navigation import file_of

_BEGINNING = (Row("", 1, "How safe did you feel today?", "scale",
                  "Not safe at all; A bit safe; Fairly safe; Safe; Very safe"),)  # fmt: skip


def add_form(actor: Actor) -> None:
    """A form of the charity's own."""
    room: Room = {}
    with st.form(fresh("form", "new"), border=False):
        title, intro = _head(room, "new")
        table = question_table(room, "new", _BEGINNING)
        pressed = st.form_submit_button("Add the form", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            key = editing.add(db, actor, title, intro, table)
    except AppError as error:
        explain(error, room)
    else:
        done(f"{literal(title)} can be chosen for programmes now.")
        st.switch_page(file_of("forms"), query_params={"form": key})


def change_form(actor: Actor, found: FormDefinition) -> None:
    """A new version; sessions that have begun keep theirs."""
    room: Room = {}
    with st.form(fresh("form", found.key), border=False):
        title, intro = _head(room, found.key, spoken(found.title), spoken(found.intro))
        table = question_table(room, found.key, rows(found))
        pressed = st.form_submit_button(
            "Make a new version", type="primary", on_click=keep, args=(found.version,)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            version = editing.change(db, actor, found.key, title, intro, table, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done(f"Sessions to come ask version {version}. Answers given so far stay as they are.")
        st.rerun()


def _head(room: Room, ref: str, title: str = "", intro: str = "") -> tuple[str, str]:
    typed = line(st, room, "title", "Title, as participants read it", ref, value=title)
    return typed, area(room, "intro", "What they read first", ref, value=intro)
