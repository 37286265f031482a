"""How a facilitator looks back on a session: a few questions about her own work, for herself."""

from functools import partial

import streamlit as st

from services.db import reading
from services.errors import AppError
from services.forms.words import spoken
from services.permissions import Actor
from services.registers import reflections
from services.registers.reflections import Reflection
from ui.components.feedback.asked import questions
from ui.components.folded import folded
from ui.components.form_fields import Room, first_seen, fresh, saving
from ui.components.words import literal
from ui.messages import show_error


def reflection_part(actor: Actor, session_ref: str) -> None:
    """Folded away, and read only once she opens it."""
    folded(
        "For you alone: how did it go?",
        partial(_reflection, actor, session_ref),
        key=f"reflection_{session_ref}",
        icon=":material/self_improvement:",
    )


def _reflection(actor: Actor, session_ref: str) -> None:
    try:
        with reading() as db:
            kept = reflections.own(db, actor, session_ref)
            earlier = reflections.earlier(db, actor, session_ref)
    except AppError as error:
        show_error(error)
        return
    st.write(literal(spoken(kept.form.intro)))
    st.caption(
        "You alone can read this here: no colleague, lead or administrator can open it. What you "
        "want to talk about, bring to your own supervision."
    )
    _form(actor, session_ref, kept)
    for one in earlier:
        st.markdown(f"**Session {one.number}: {literal(one.topic)}**")
        for asked, said in one.said:
            st.markdown(f"{literal(asked)} :gray[{literal(said)}]")


def _form(actor: Actor, session_ref: str, kept: Reflection) -> None:
    room: Room = {}
    drawn = fresh(kept.form.questions[0].key, session_ref)
    version = first_seen(fresh("reflection_seen", session_ref), kept.version, drawn=drawn)
    with st.form(fresh("reflection", session_ref), border=False):
        answers = questions(kept.form, room, session_ref, kept.answers)
        pressed = st.form_submit_button("Keep it for me")
    if not pressed:
        return
    with saving("It is kept, for you alone.", room) as db:
        reflections.keep(db, actor, session_ref, answers, seen=kept.form.version, version=version)
