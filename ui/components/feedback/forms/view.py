"""A form as it will be seen, and its versions."""

import streamlit as st

from services import clock
from services.db import reading
from services.forms import editing
from services.forms.corrections import lines_in
from services.forms.definition import FormDefinition
from services.forms.lines import catalogues
from services.permissions import Actor
from ui.components.choose import show_rows, time_column
from ui.public.preview import preview


def show_preview(found: FormDefinition) -> None:
    """The page as participants will see it, in the language she chooses."""
    names = {code: one.name for code, one in catalogues().items()}
    code = st.selectbox(
        "Language", list(names), format_func=names.__getitem__, key=f"preview_{found.key}"
    )
    with reading() as db:
        lines = lines_in(db, code)
    st.iframe(preview(found, lines), height=640, alt="The form as participants see it")


def show_versions(actor: Actor, key: str) -> None:
    """Every version there has been, and how many answered it."""
    with reading() as db:
        past = editing.history(db, actor, key)
    shown = past.assign(
        by=past["by"].fillna("Came with Alongside"),
        made_at=[clock.wall(at) for at in past["made_at"]],
    )
    columns = {
        "version": "Version",
        "title": "Title",
        "made_at": time_column("Since"),
        "by": "By",
        "answers": "Answers",
    }
    show_rows(shown, columns, alt="Versions of this form")
