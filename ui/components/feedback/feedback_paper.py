"""Entering on screen what somebody filled in on paper."""

from typing import Final

import streamlit as st

from services import feedback
from services.db import reading
from services.feedback import paper
from services.forms.checking import Answer
from services.permissions import Actor
from ui.components.feedback.asked import questions
from ui.components.form_fields import Room, fresh, keep, saving, seen

_NUMBER: Final = "paper_number"


def enter_paper(actor: Actor, session_ref: str) -> None:
    """One paper form, question by question as it is printed."""
    with reading() as db:
        form = paper.form_of(db, actor, session_ref)
    # One number a round: pressed twice, it counts once.
    number = st.session_state.setdefault(fresh(_NUMBER, session_ref), feedback.usable_number(""))
    room: Room = {}
    with st.form(fresh("paper", session_ref), border=False):
        answers = questions(form, room, session_ref)
        pressed = st.form_submit_button(
            "Keep this form", type="primary", on_click=keep, args=(form.version,)
        )
    if pressed:
        _save(actor, session_ref, number, answers, room)


def _save(
    actor: Actor, session_ref: str, number: str, answers: dict[str, Answer], room: Room
) -> None:
    with saving("The form is kept. The next one can be entered.", room) as db:
        paper.enter(db, actor, session_ref, number, answers, seen=seen())
