"""Adding an event in a child's life, and taking back one that was a mistake."""

from datetime import date

import streamlit as st

from services import clock
from services.children import life_events
from services.children.child_over_time import ChildPath
from services.children.life_events import MAX_WORDS, EventDraft, event_kinds
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from ui.components.form_fields import Room, choice, date_field, done, explain, line, needed, saving
from ui.components.words import literal


def life_event_form(actor: Actor, child: ChildPath) -> None:
    """What happened and when; a few words only where they help to read the chart."""
    room: Room = {}
    with st.form(f"life_event_{child.person_ref}", border=False):
        day = date_field(
            st, room, "happened_on", "Day", child.person_ref,
            value=clock.today(), max_value=clock.today(),
        )  # fmt: skip
        kind = choice(
            room, "kind", "What happened", dict(event_kinds()), child.person_ref, index=None
        )
        words = line(
            st, room, "words", "A few words (optional)", child.person_ref, max_chars=MAX_WORDS
        )
        pressed = st.form_submit_button("Add the event")
    if pressed:
        _add(actor, child, room, day, kind, words)
    if not child.events.empty:
        _take_back(actor, child)


def _add(
    actor: Actor, child: ChildPath, room: Room, day: date | None, kind: str | None, words: str
) -> None:
    try:
        draft = EventDraft(
            happened_on=needed(day, "happened_on", "Enter the day."),
            kind=needed(kind, "kind", "Choose what happened."),
            words=words,
        )
        with transaction() as db:
            life_events.add(db, actor, child.person_ref, draft)
    except AppError as error:
        explain(error, room)
    else:
        done("The event is on the chart.")
        st.rerun()


def _take_back(actor: Actor, child: ChildPath) -> None:
    events = {
        row["ref"]: f"{row['number']}. {row['what']}, {row['on']:%d/%m/%Y}"
        for row in child.events.to_dict("records")
    }
    chosen = st.selectbox(
        "Take back an event that was a mistake",
        list(events),
        index=None,
        format_func=lambda ref: literal(events.get(ref, "")),
        placeholder="Choose one",
        key=f"life_event_back_{child.person_ref}",
    )
    if not chosen or not st.button("Take it back", key=f"take_back_event_{child.person_ref}"):
        return
    with saving("The event is taken back.") as db:
        life_events.take_back(db, actor, child.person_ref, chosen)
