"""Changing a group's schedule on screen: what to do, what would change, and doing it."""

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.schedules import changing
from services.schedules.changing import Preview
from services.schedules.clashes import MAX_REASON
from services.schedules.parts import Change
from ui.components import schedule_fields, schedule_words
from ui.components.form_fields import Room, done, explain, fresh, keep, line, seen
from ui.components.schedule_clashes import show_clashes
from ui.messages import show_error

KINDS = {
    "move": "Move one session",
    "move_all": "Move a session and all to come",
    "cancel": "Cancel a session",
    "add": "Add an extra session",
    "swap": "Swap two topics",
    "break": "Put in a break",
    "room": "Choose a room",
}


def change_schedule(actor: Actor, group_ref: str) -> None:
    """Choose what to do, look at what would change, and confirm it."""
    with reading() as db:
        found = changing.outline(db, actor, group_ref)
    if not any(one.is_planned for one in found.schedule.meetings):
        st.info("Every session was held or cancelled. Add an extra session to go on.")
    kind = st.selectbox(
        "What is to change?",
        list(KINDS),
        index=None,
        format_func=KINDS.__getitem__,
        placeholder="Please choose",
        key=fresh("schedule_kind", group_ref),
    )
    if kind is None:
        return
    change = schedule_fields.ask(kind, found, group_ref)
    if change is None:
        st.caption("Once everything is filled in, you see here what would change.")
        return
    try:
        with reading() as db:
            preview = changing.preview(db, actor, group_ref, change)
    except AppError as error:
        show_error(error)
        return
    _show(preview)
    _confirm(actor, group_ref, change, preview)


def _show(preview: Preview) -> None:
    st.subheader("What would change", anchor=False)
    if preview.lines:
        rows = [schedule_words.row(one, preview.rooms) for one in preview.lines]
        st.table(pd.DataFrame(rows, columns=["Session", "Before", "After"]), hide_index=True)
    else:
        st.write("No session changes. What is added later keeps to it.")
    st.write(" ".join(schedule_words.consequences(preview)))
    st.markdown(f"**To be told:** {schedule_words.told(preview)}.")
    for sentence in preview.warnings:
        st.warning(sentence, icon=":material/event_busy:")
    show_clashes(preview.clashes)


def _confirm(actor: Actor, group_ref: str, change: Change, preview: Preview) -> None:
    room: Room = {}
    despite = ""
    with st.form(fresh("schedule_confirm", group_ref), border=False):
        if preview.clashes:
            despite = line(
                st, room, "despite", "Why it is right all the same (kept encrypted)", group_ref,
                max_chars=MAX_REASON,
            )  # fmt: skip
        pressed = st.form_submit_button(
            "Make this change",
            type="primary",
            on_click=keep,
            args=((preview.version, repr(change)),),
        )
    if not pressed:
        return
    version, looked_at = seen()
    if looked_at != repr(change):
        st.warning("You changed something since you looked. Look again, then confirm.")
        return
    try:
        with transaction() as db:
            changing.apply(db, actor, group_ref, change, version=version, despite=despite)
    except AppError as error:
        explain(error, room)
    else:
        done("The schedule is changed. Tell those who are concerned.")
        st.rerun()
