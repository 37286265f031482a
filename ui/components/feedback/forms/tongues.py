"""Putting a form and the lines around it into other languages, and correcting them."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.forms import corrections, editing
from services.forms.definition import FormDefinition
from services.forms.lines import catalogues
from services.forms.words import ENGLISH
from services.permissions import Actor
from ui.components.form_fields import Room, area, fresh, keep, saving, seen


def translate_form(actor: Actor, found: FormDefinition) -> None:
    """Every text of a form beside its translation; what is empty is said in English."""
    code = _language(f"translate_{found.key}", with_english=False)
    _say_who_read(code)
    frame = pd.DataFrame(
        [(text[ENGLISH], text.get(code, "")) for text in editing.texts(found)],
        columns=["english", "other"],
    )
    with st.form(fresh("translation", f"{found.key}_{code}"), border=False):
        edited = st.data_editor(
            frame,
            key=fresh("texts", f"{found.key}_{code}_{found.version}"),
            hide_index=True,
            disabled=["english"],
            column_config={"english": "English", "other": catalogues()[code].name},
            alt="The texts of the form in two languages",
            placeholder="",
        )
        pressed = st.form_submit_button(
            "Save the translation", type="primary", on_click=keep, args=(found.version,)
        )
    if not pressed:
        return
    said = dict(zip(edited["english"], edited["other"].fillna(""), strict=True))
    with saving("Sessions to come ask in this language as well.") as db:
        editing.translate(db, actor, found.key, code, said, version=seen())


def correct_lines(actor: Actor) -> None:
    """The lines of the public pages, one of which can be said in other words."""
    code = _language("lines", with_english=True)
    _say_who_read(code)
    with reading() as db:
        frame = corrections.lines(db, actor, code).set_index("key")
    key = st.selectbox(
        "Line", list(frame.index), index=None, key=f"line_{code}",
        format_func=lambda one: frame.loc[one, "english"], placeholder="Please choose",
    )  # fmt: skip
    if key is not None:
        _correct(actor, code, key, str(frame.loc[key, "text"]))


def _say_who_read(code: str) -> None:
    """What ships has been read by nobody yet who could tell how it sounds."""
    if not catalogues()[code].checked:
        st.info(
            "Nobody who grew up with this language has read what came with Alongside. Please ask "
            "somebody to, and correct what sounds wrong."
        )


def _correct(actor: Actor, code: str, key: str, now: str) -> None:
    room: Room = {}
    with st.form(fresh("line", f"{code}_{key}"), border=False):
        text = area(
            room, "text", "As participants read it", f"{code}_{key}", value=now,
            help="Leave it empty to go back to what came with Alongside.",
        )  # fmt: skip
        pressed = st.form_submit_button("Save the line", type="primary", on_click=keep, args=(now,))
    if not pressed:
        return
    with saving("The line is changed on every page from now on.", room) as db:
        corrections.correct(db, actor, code, key, text, seen=seen())


def _language(key: str, *, with_english: bool) -> str:
    names = {
        code: f"{one.english_name} ({one.name})" if code != ENGLISH else one.name
        for code, one in catalogues().items()
        if with_english or code != ENGLISH
    }
    picked: str = st.selectbox("Language", list(names), format_func=names.__getitem__, key=key)
    return picked
