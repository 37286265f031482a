"""Entering on screen what somebody filled in on paper."""

from typing import Any, Final

import streamlit as st

from services import feedback
from services.db import reading, transaction
from services.errors import AppError
from services.feedback import paper
from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import Question
from services.forms.lines import english
from services.forms.words import spoken
from services.permissions import Actor
from ui.components.form_fields import Room, done, explain, fresh, keep, seen
from ui.components.words import literal

_NUMBER: Final = "paper_number"


def enter_paper(actor: Actor, session_ref: str) -> None:
    """One paper form, question by question as it is printed."""
    with reading() as db:
        form = paper.form_of(db, actor, session_ref)
    # One number a round: pressed twice, it counts once.
    number = st.session_state.setdefault(fresh(_NUMBER, session_ref), feedback.usable_number(""))
    room: Room = {}
    with st.form(fresh("paper", session_ref), border=False):
        answers = {one.key: _field(room, one, session_ref) for one in form.questions}
        room["form"] = st.empty()
        pressed = st.form_submit_button(
            "Keep this form", type="primary", on_click=keep, args=(form.version,)
        )
    if pressed:
        _save(actor, session_ref, number, answers, room)


def _save(
    actor: Actor, session_ref: str, number: str, answers: dict[str, Answer], room: Room
) -> None:
    try:
        with transaction() as db:
            paper.enter(db, actor, session_ref, number, answers, seen=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("The form is kept. The next one can be entered.")
        st.rerun()


def _field(room: Room, question: Question, ref: str) -> Answer:
    label, key = literal(spoken(question.text)), fresh(question.key, ref)
    options = question.labels | {NOT_TODAY: english().say("not_today")}
    chosen: Any
    if question.kind == "text":
        chosen = st.text_area(label, key=key)
    elif question.kind == "several":
        chosen = st.pills(
            label, list(options), selection_mode="multi", format_func=options.__getitem__, key=key
        )
        chosen = NOT_TODAY if chosen == [NOT_TODAY] else chosen
    else:
        chosen = st.pills(label, list(options), format_func=options.__getitem__, key=key)
    room[question.key] = st.empty()
    answer: Answer = chosen
    return answer
