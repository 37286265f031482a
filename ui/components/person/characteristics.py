"""The equality questions: asked once, one by one if she likes, and never shown again."""

import streamlit as st

from models import PersonKind
from services.db import reading
from services.people import characteristics
from services.people.characteristic_questions import OWN_WORDS, Question, questions
from services.people.characteristics import Given
from services.people.people import PersonSummary
from services.permissions import Actor
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, needed, saving


def draw(actor: Actor, person: PersonSummary) -> None:
    """The questions still open; folded, a way to change an answer without seeing the old one."""
    with reading() as db:
        still_open = characteristics.unasked(db, actor, person.ref)
    st.header("Equality questions", anchor=False)
    st.write(questions().why)
    if still_open:
        _ask(actor, person.ref, still_open)
    else:
        st.info("She has been asked everything. There is nothing to ask again.")
    asked = [
        one
        for one in questions().questions
        if one not in still_open and one.is_for(PersonKind(person.kind))
    ]
    if asked:
        folded(
            "She wants to change an answer",
            lambda: _change(actor, person.ref, asked),
            key=f"answers_{person.ref}",
            icon=":material/edit:",
        )


def _ask(actor: Actor, ref: str, still_open: tuple[Question, ...]) -> None:
    room: Room = {}
    with st.form(fresh("characteristics", ref)):
        st.caption(
            "Leave empty what she does not want to be asked today. “Prefers not to say” is an "
            "answer: choose it only when she says so."
        )
        chosen = {one.key: _answer(room, one, ref) for one in still_open}
        room["answers"] = st.empty()
        pressed = st.form_submit_button("Save", type="primary")
    if not pressed:
        return
    answers = {key: given for key, given in chosen.items() if given is not None}
    with saving("Her answers are kept. They are not shown again.", room) as db:
        characteristics.record(db, actor, ref, answers)


def _change(actor: Actor, ref: str, asked: list[Question]) -> None:
    by_key = {one.key: one for one in asked}
    room: Room = {}
    key = st.selectbox(
        "Which question",
        list(by_key),
        index=None,
        format_func=lambda key: by_key[key].question,
        placeholder="Please choose",
        key=fresh("asked", ref),
    )
    if key is None:
        return
    with st.form(fresh("characteristic", ref)):
        given = _answer(room, by_key[key], f"{ref}_again")
        pressed = st.form_submit_button("Put this in place of her answer")
    if not pressed:
        return
    with saving("Her answer is changed.", room) as db:
        needed(given.answer if given else None, key, "Choose an answer.")
        characteristics.correct(db, actor, ref, key, given or Given(""))


def _answer(room: Room, one: Question, ref: str) -> Given | None:
    """One question; what is typed instead of chosen is her own words."""
    labels = {key: label for key, label in one.choices.items() if key != OWN_WORDS}
    value: str | None = st.selectbox(
        one.question,
        list(labels),
        index=None,
        format_func=lambda key: labels.get(key, key),
        accept_new_options=one.own_words,
        placeholder="Choose one, or type her own words" if one.own_words else "Choose one",
        key=fresh(one.key, ref),
    )
    room[one.key] = st.empty()
    if value is None:
        return None
    return Given(value) if value in labels else Given(OWN_WORDS, own_words=value)
