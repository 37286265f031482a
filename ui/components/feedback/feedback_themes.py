"""What own words are about, and which of them may be quoted: for one session."""

import streamlit as st

from services import themes
from services.db import reading
from services.feedback import quotes, quoting, tagging
from services.feedback.tagging import Tagged
from services.permissions import Actor
from ui.components import words
from ui.components.feedback.quote_box import quote_box
from ui.components.form_fields import Room, area, fresh, keep, saving, seen

_START = 60  # letters of a text in a list to choose from


def themes_and_quotes(actor: Actor, session_ref: str) -> None:
    """The texts that have been shown, each with its themes, and beneath them the quotes."""
    with reading() as db:
        texts = tagging.texts(db, actor, session_ref)
        offered = themes.listing(db, actor)
        chosen = quotes.of_session(db, actor, session_ref)
    if not texts:
        st.info("Nothing written has been shown yet.")
        return
    labels = {one.ref: one.label for one in offered}
    active = [one.ref for one in offered if one.is_active]
    _themes(actor, session_ref, texts, labels, active)
    st.subheader("Quotes", anchor=False)
    st.write(
        "Only words whose writer said yes on the form. They are quoted without a name. Programme "
        "leads find them on Experience as long as that yes stands; no report holds them."
    )
    for quote in chosen:
        quote_box(actor, session_ref, quote, quoting.withdraw)
    _choose(actor, session_ref, [one for one in texts if one.may_be_quoted])


def _themes(
    actor: Actor,
    session_ref: str,
    texts: tuple[Tagged, ...],
    labels: dict[str, str],
    active: list[str],
) -> None:
    room: Room = {}
    now = {one.handle: one.themes for one in texts}
    with st.form(fresh("themes", session_ref), border=False):
        chosen = {one.handle: _text(at, one, labels, active) for at, one in enumerate(texts, 1)}
        room["themes"] = st.empty()
        pressed = st.form_submit_button("Save the themes", on_click=keep, args=(now,))
    if not pressed:
        return
    with saving("The themes are saved.", room) as db:
        tagging.tag(db, actor, session_ref, chosen, seen=seen())


def _text(number: int, one: Tagged, labels: dict[str, str], active: list[str]) -> list[str]:
    box = st.container(border=True)
    box.caption(words.literal(one.asked))
    # As plain text: what somebody typed must never become part of the page.
    box.text(one.words)
    offered = [ref for ref in labels if ref in active or ref in one.themes]
    chosen: list[str] = box.pills(
        f"Themes of text {number}",
        offered,
        selection_mode="multi",
        default=[ref for ref in offered if ref in one.themes],
        format_func=labels.__getitem__,
        key=fresh("theme", one.handle),
    )
    return chosen


def _choose(actor: Actor, session_ref: str, texts: list[Tagged]) -> None:
    if not texts:
        st.caption("Nobody said yes to being quoted here.")
        return
    by_handle = {one.handle: one for one in texts}
    handle = st.selectbox(
        "Words to quote",
        list(by_handle),
        index=None,
        format_func=lambda name: by_handle[name].words[:_START],
        placeholder="Please choose",
        key=fresh("quote", session_ref),
    )
    if handle is None:
        return
    room: Room = {}
    with st.form(fresh("quoting", handle), border=False):
        quoted = area(room, "words", "As it will be quoted", handle, value=by_handle[handle].words)
        st.caption(
            "You may leave parts out: write … for them, or a word in square brackets for a name. "
            "Leave out whatever tells who she is."
        )
        pressed = st.form_submit_button("Add to the quotes", type="primary")
    if not pressed:
        return
    with saving("Added to the quotes.", room) as db:
        quoting.choose(db, actor, session_ref, handle, quoted)
