"""The history of a register on screen: finished, reopened with the reason, marks changed."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.registers import register_history
from services.registers.register_history import Entry, Event
from ui.components import words
from ui.components.folded import folded
from ui.components.words import literal

_ICONS = {
    Event.FINISHED: ":material/task_alt:",
    Event.REOPENED: ":material/lock_open:",
    Event.AMENDED: ":material/edit:",
    Event.FROM_PAPER: ":material/description:",
}


def register_history_part(actor: Actor, session_ref: str) -> None:
    """Folded away until somebody wants to know."""
    folded(
        "History of this register",
        partial(_entries, actor, session_ref),
        key=f"register_history_{session_ref}",
        icon=":material/history:",
    )


def _entries(actor: Actor, session_ref: str) -> None:
    with reading() as db:
        entries = register_history.of_session(db, actor, session_ref)
    if not entries:
        st.caption(
            "Not finished yet. Once it was, every change to it stands here; so do marks from paper."
        )
        return
    st.markdown("  \n".join(f"{_ICONS[entry.event]} {_line(entry)}" for entry in entries))


def _line(entry: Entry) -> str:
    when = f"{words.day(entry.at)}, {words.clock_time(entry.at)}"
    return f"{_what(entry)} · {literal(entry.by or '')}, {when}"


def _what(entry: Entry) -> str:
    if entry.event is Event.FINISHED:
        return "Finished"
    if entry.event is Event.REOPENED:
        locked = " although it was locked" if entry.was_locked else ""
        return f"Opened again{locked}: {literal(entry.reason or '')}"
    if entry.event is Event.FROM_PAPER:
        return _from_paper(entry)
    before, after = (literal(mark or "no mark") for mark in (entry.before, entry.after))
    return f"{literal(entry.name or '')}: from {before} to {after}"


def _from_paper(entry: Entry) -> str:
    marks = "1 mark" if entry.marks == 1 else f"{entry.marks} marks"
    why = f". Entered late: {literal(entry.reason)}" if entry.reason else ""
    return f"{marks} from paper, written by {literal(entry.written_by or '')}{why}"
