"""Which forms a programme asks with, on which occasion."""

from typing import Final

import streamlit as st

from models import Occasion
from services.db import reading
from services.forms import choosing, stored
from services.forms.words import spoken
from services.permissions import Actor
from services.programmes import programmes
from ui.components.choose import show_rows
from ui.components.feedback.forms.words import called
from ui.components.form_fields import Room, fresh, keep, saving, seen
from ui.components.words import literal

_USUAL = ""
OCCASIONS: Final[dict[Occasion, tuple[str, str]]] = {
    Occasion.AFTER_SESSION: ("After each session", "The one for the people it is for"),
    Occasion.MIDDLE: ("Half way", "The same as after each session"),
    Occasion.END: ("At the end", "The same as after each session"),
}


def programme_forms(actor: Actor) -> None:
    """Every programme with what it asks, and a choice for one of them."""
    with reading() as db:
        frame = choosing.users(db, actor)
        titles = {key: spoken(form.title) for key, form in stored.newest(db).items()}
        names = programmes.titles(db)
    labels = {key: f"{called(key)}: {title}" for key, title in titles.items()}
    for when in Occasion:
        frame[when.value] = frame[when.value].map(labels)
    columns = {"title": "Programme"} | {when.value: OCCASIONS[when][0] for when in Occasion}
    show_rows(frame, columns, alt="Programmes and the forms they ask with")
    programme = st.selectbox(
        "Choose for a programme", list(names), index=None, format_func=names.__getitem__,
        placeholder="Please choose", key="forms_programme",
    )  # fmt: skip
    if programme is not None:
        _choose(actor, programme, labels, names[programme])


def _choose(actor: Actor, programme: str, labels: dict[str, str], name: str) -> None:
    with reading() as db:
        now = choosing.chosen(db, actor, programme)
    room: Room = {}
    with st.form(fresh("choices", programme), border=False):
        wanted = {when: _choice(room, programme, when, now[when], labels) for when in Occasion}
        room["programme"] = st.empty()
        pressed = st.form_submit_button("Save", type="primary", on_click=keep, args=(now,))
    if not pressed:
        return
    with saving(
        f"Sessions of {literal(name)} that have not begun ask with these forms.", room
    ) as db:
        choosing.choose(db, actor, programme, wanted, seen=seen())


def _choice(
    room: Room, programme: str, when: Occasion, now: str | None, labels: dict[str, str]
) -> str | None:
    label, usual = OCCASIONS[when]
    options = {_USUAL: usual, **labels}
    picked: str = st.selectbox(
        label, list(options), index=list(options).index(now or _USUAL),
        format_func=options.__getitem__, key=fresh(when.value, programme),
    )  # fmt: skip
    room[when.value] = st.empty()
    return picked or None
