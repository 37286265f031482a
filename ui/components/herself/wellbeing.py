"""How she is: after a session, a check-in, stepping back and coming back."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.herself import telling, wellbeing
from services.volunteers.herself.record import Herself
from services.volunteers.herself.sessions import OwnSession
from services.volunteers.herself.telling import OwnDebriefDraft
from ui.components import words
from ui.components.feedback.asked import questions
from ui.components.folded import folded
from ui.components.form_fields import Room, area, first_seen, fresh, saving
from ui.components.presses import press, submit
from ui.components.volunteer.support_words import HEAVINESS
from ui.components.words import literal

_WHO_READS = "Only your supervisor reads this, and who stands in while she is away."


def draw(actor: Actor, me: Herself) -> None:
    """The sessions she has not spoken of, how she is, and her way out and back."""
    with reading() as db:
        owed = telling.to_talk_about(db, actor)
    if owed:
        st.header("After a session", anchor=False)
        for one in owed:
            label = f"How was {words.short_day(one.starts)}, {literal(one.group)}?"
            folded(label, partial(_debrief, actor, one), key=f"own_debrief_{one.ref}")
    st.header("How are you?", anchor=False)
    _check_in(actor, me)
    if me.may_step_back:
        st.header("Stepping back", anchor=False)
        folded("I would like to step back", partial(_step_back, actor, me), key="step_back")
    elif me.stage == "stepped_back":
        st.header("Coming back", anchor=False)
        _come_back(actor, me)


def _debrief(actor: Actor, one: OwnSession) -> None:
    room: Room = {}
    with reading() as db:
        asked = telling.form(db, actor)
    st.caption(f"{_WHO_READS} Every question can stay empty.")
    with st.form(fresh("own_debrief", one.ref), border=False):
        answers = questions(asked, room, one.ref)
        heard = st.checkbox("I heard something hard", key=fresh("own_hard", one.ref))
        said = area(
            room, "words", "How it was for me, if I like to say", one.ref,
            help="About yourself. What somebody else told belongs to her facilitator.",
        )  # fmt: skip
        key = fresh("own_debrief_told", one.ref)
        pressed = submit("Tell my supervisor", key=key, type="primary")
    if not pressed:
        return
    with saving("Your supervisor can read it. If it is heavy today, ring her.", room) as db:
        draft = OwnDebriefDraft(heard, said, answers, asked.version)
        telling.debrief(db, actor, one.ref, draft)


def _check_in(actor: Actor, me: Herself) -> None:
    room: Room = {}
    with st.form(fresh("own_check_in", me.ref), border=False):
        heavy = st.segmented_control(
            "How heavy does this feel?",
            list(HEAVINESS),
            format_func=HEAVINESS.__getitem__,
            key=fresh("own_heaviness", me.ref),
        )
        room["heaviness"] = st.empty()
        said = area(room, "words", "In my own words, if I like", me.ref)
        st.caption(_WHO_READS)
        key = fresh("own_check_in_told", me.ref)
        pressed = submit("Tell my supervisor", key=key, type="primary")
    if not pressed:
        return
    with saving("Your supervisor can read it. If it is heavy today, ring her.", room) as db:
        wellbeing.check_in(db, actor, heaviness=heavy or 0, words=said)


def _step_back(actor: Actor, me: Herself) -> None:
    st.write(
        "You need no reason. It counts at once, and the sessions you said yes to are open for "
        "others. Your supervisor is told; coordinators alone can see it. Your support goes on, and "
        "you come back here whenever you like."
    )
    key = f"step_back_{me.ref}"
    version = first_seen(f"{key}_seen", me.version, drawn=key)
    if not press("Step back now", key=key):
        return
    with saving("You have stepped back. Be well.") as db:
        wellbeing.step_back(db, actor, version=version)


def _come_back(actor: Actor, me: Herself) -> None:
    if me.returns_to is None:
        st.write("Talk to your coordinator when you would like to come back.")
        return
    st.write("You come back to where you were. Nothing is taken on by it until you say yes.")
    key = f"come_back_{me.ref}"
    version = first_seen(f"{key}_seen", me.version, drawn=key)
    if not press("Come back", type="primary", key=key):
        return
    with saving("Welcome back.") as db:
        wellbeing.come_back(db, actor, version=version)
