"""Forms that came in through a public page: what they say, how many wait, setting one aside."""

from collections.abc import Callable, Mapping

import streamlit as st

from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from ui.components.form_fields import Room, done, explain, fresh, keep, line, seen


def sent_answers(answers: Mapping[str, str]) -> None:
    """Question and answer, one beneath the other; nothing typed is read as Markdown."""
    for question, answer in answers.items():
        st.caption(question)
        st.text(answer)


def many_wait(heading: str, many: int, told: str, button: str, *, key: str) -> bool:
    """On the first page: how many wait, and whether she goes to them; nothing when none does."""
    if not many:
        return False
    st.header(f"{heading} ({many})")
    st.write(told)
    return st.button(button, icon=":material/inbox:", key=key)


def set_aside(
    actor: Actor, ref: str, version: int, aside: Callable[..., None], *, said: str
) -> None:
    """The form with the reason; `said` is told once it is set aside."""
    room: Room = {}
    with st.form(fresh("aside", ref), border=False):
        reason = line(st, room, "aside", "Why it is set aside, in neutral words", ref)
        pressed = st.form_submit_button("Set it aside", on_click=keep, args=(version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            aside(db, actor, ref, reason=reason, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done(said)
        st.query_params.clear()
        st.rerun()
