"""A form's questions as fields on a staff screen: from paper, or about one's own work."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import FormDefinition, Question
from services.forms.lines import english
from services.forms.words import spoken
from ui.components.form_fields import Room, fresh
from ui.components.words import literal


def questions(
    form: FormDefinition, room: Room, ref: str, given: Mapping[str, Answer] | None = None
) -> dict[str, Answer]:
    """A field for each question in their order, with what was given before standing in it."""
    found = given or {}
    answers = {one.key: _field(room, one, ref, found.get(one.key)) for one in form.questions}
    room["form"] = st.empty()
    return answers


def _field(room: Room, question: Question, ref: str, given: Answer) -> Answer:
    label, key = literal(spoken(question.text)), fresh(question.key, ref)
    hint = literal(spoken(question.hint)) if question.hint else None
    options = question.labels | {NOT_TODAY: english().say("not_today")}
    chosen: Any
    if question.kind == "text":
        words = given if isinstance(given, str) else ""
        chosen = st.text_area(label, value=words, help=hint, key=key)
    else:
        several = question.kind == "several"
        chosen = st.pills(
            label,
            list(options),
            selection_mode="multi" if several else "single",
            default=given,
            format_func=options.__getitem__,
            help=hint,
            key=key,
        )
        chosen = NOT_TODAY if chosen == [NOT_TODAY] else chosen
    room[question.key] = st.empty()
    answer: Answer = chosen
    return answer
