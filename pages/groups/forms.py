"""The forms people answer: what each asks, its versions and languages, and who asks with it."""

from functools import partial

import streamlit as st

from services.db import reading
from services.forms import editing, stored
from services.forms.words import spoken
from services.permissions import Permission
from ui.auth import require
from ui.components.choose import back_to_list, choose_row
from ui.components.feedback.forms.choices import programme_forms
from ui.components.feedback.forms.edit import add_form, change_form
from ui.components.feedback.forms.themes import edit_themes
from ui.components.feedback.forms.tongues import correct_lines, translate_form
from ui.components.feedback.forms.view import show_preview, show_versions
from ui.components.feedback.forms.words import called
from ui.components.folded import folded
from ui.components.words import literal
from ui.navigation import file_of

actor = require(Permission.EDIT_FORMS)
key = st.query_params.get("form", "")

with reading() as db:
    found = stored.find(db, key) if key else None
    frame = editing.directory(db, actor)

# --- The list ----------------------------------------------------------------------------
if found is None:
    st.title("Forms")
    if key:
        st.error("This form could not be found. Choose one from the list.")
    st.write("What people are asked. A change makes a new version; given answers keep theirs.")
    shown = frame.assign(key=frame["key"].map(called))
    columns = {
        "key": "Form",
        "title": "Title",
        "questions": "Questions",
        "languages": "Languages",
        "version": "Version",
    }
    chosen = choose_row(shown.assign(ref=frame["key"]), columns, key="forms_list", alt="Forms")
    if chosen is not None:
        st.switch_page(file_of("forms"), query_params={"form": chosen["ref"]})
    folded("Which programme asks what", partial(programme_forms, actor), key="form_choices")
    folded("Make a form", partial(add_form, actor), key="new_form")
    folded("Themes of what people write", partial(edit_themes, actor), key="feedback_themes")
    folded("Words on the public pages", partial(correct_lines, actor), key="public_lines")
    st.stop()

# --- One form ----------------------------------------------------------------------------
back_to_list("All forms")
st.title(literal(spoken(found.title)), anchor=False)
st.caption(f"{called(key)}, version {found.version}")
folded("As participants see it", partial(show_preview, found), key=f"preview_{key}", expanded=True)
folded(
    "Change this form",
    partial(change_form, actor, found),
    key=f"form_{key}",
    icon=":material/edit:",
)
folded("Other languages", partial(translate_form, actor, found), key=f"tongues_{key}")
folded("Versions", partial(show_versions, actor, key), key=f"form_versions_{key}")
