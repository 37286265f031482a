"""One concern on screen: where it stands, what was written, and what can be added."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from models import EntryKind
from services.concerns import concern_decisions, concerns
from services.concerns.concern_decisions import ADDED
from services.concerns.concerns import ConcernView
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import back_to_list
from ui.components.concerns.concern_words import KINDS, SAFE_NOW
from ui.components.form_fields import (
    Room,
    area,
    choice,
    done,
    explain,
    fresh,
    keep,
    needed,
    saving,
    seen,
)
from ui.components.words import literal
from ui.navigation import file_of


def raise_concern_link(**about: str) -> None:
    """The way from a participant (`participant=ref`) or group (`group=ref`) to the form."""
    st.page_link(
        file_of("concerns"),
        label="Raise a concern",
        icon=":material/report:",
        query_params=about,
    )


def concern_view(actor: Actor, one: ConcernView) -> None:
    """The whole concern as far as she may read it, and the form to add to it."""
    back_to_list("All concerns")
    st.title("Concern", anchor=False)
    st.caption(f"Raised {_when(one.raised_at)} by {literal(one.raised_by)}")
    _standing(one)
    _written(one)
    for entry in one.entries:
        st.header(KINDS[entry.kind], anchor=False)
        st.caption(f"{_when(entry.at)}, by {literal(entry.by)}")
        st.text(entry.words)
    if actor.may(Permission.DECIDE_CONCERNS) and not one.is_closed:
        _add(actor, one)
    _correct(actor, one)
    if one.is_hers and one.asks_for_review:
        _was_no_incident(actor, one)


def _standing(one: ConcernView) -> None:
    due = words.day(one.due_on)
    if one.is_closed:
        st.info("This concern is closed.", icon=":material/task_alt:")
    elif one.decided_on is not None:
        st.info(f"A decision was made on {words.day(one.decided_on)}.", icon=":material/gavel:")
    elif one.is_overdue:
        st.error(f"Overdue: a decision was due by the end of {due}.", icon=":material/alarm:")
    else:
        st.info(f"A decision is due by the end of today, {due}.", icon=":material/schedule:")
    if one.asks_for_review:
        st.info("Something happened to her: her risk is due for review.", icon=":material/event:")
    if not one.has_reader:
        st.error(
            "Nobody who decides on concerns can open this one. Tell a manager yourself, now, and "
            "ask your administrator who may decide.",
            icon=":material/person_off:",
        )


def _written(one: ConcernView) -> None:
    st.write(f"**About:** {literal(one.about)}")
    st.write(f"**Noticed:** {_when(one.noticed_at)}")
    st.write(f"**Is everybody safe now?** {SAFE_NOW[one.safe_now]}")
    parts = {
        "Facts": one.facts,
        "Exact words": one.exact_words,
        "Opinion": one.opinion,
        "Who has been told": one.told,
    }
    for heading, text in parts.items():
        if text:
            st.header(heading, anchor=False)
            st.text(text)


def _add(actor: Actor, one: ConcernView) -> None:
    """A decision, what was done, or the end; never a change to what stands there."""
    kinds = {kind.value: KINDS[kind.value] for kind in ADDED}
    likely = None if one.decided_on else 0
    room: Room = {}
    st.header("Add to this concern", anchor=False)
    with st.form(fresh("concern_entry", one.ref), border=False):
        kind = choice(room, "kind", "What you add", kinds, one.ref, index=likely)
        text = area(room, "words", "In words: what, why, and who does what by when", one.ref)
        pressed = st.form_submit_button(
            "Add it", type="primary", on_click=keep, args=(len(one.entries),)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            chosen = EntryKind(needed(kind, "kind", "Choose what you add."))
            concern_decisions.add(db, actor, one.ref, chosen, text, entries_seen=seen())
    except AppError as error:
        explain(error, room)
    else:
        done(f"{KINDS[chosen.value]}: added.")
        st.rerun()


def _correct(actor: Actor, one: ConcernView) -> None:
    with st.expander("Correct something in it"):
        st.caption("What was written stays as it is. The correction stands beneath it.")
        _say(actor, one, concerns.correct, "What is right", "Add the correction",
             told="The correction was added.")  # fmt: skip


def _was_no_incident(actor: Actor, one: ConcernView) -> None:
    with st.expander("Nothing happened to her after all"):
        st.caption("Her risk is not due for review any more. Your concern stays as it is.")
        _say(actor, one, concerns.was_no_incident, "Why", "Take it back",
             told="Taken back: no review is due for this.")  # fmt: skip


def _say(
    actor: Actor,
    one: ConcernView,
    keep_it: Callable[..., None],
    label: str,
    button: str,
    *,
    told: str,
) -> None:
    """A form for one text that is added to the concern; `told` is said once it is kept."""
    room: Room = {}
    with st.form(fresh(keep_it.__name__, one.ref), border=False):
        text = area(room, "words", label, f"{one.ref}_{keep_it.__name__}")
        pressed = st.form_submit_button(button)
    if not pressed:
        return
    with saving(told, room) as db:
        keep_it(db, actor, one.ref, text)


def _when(moment: datetime) -> str:
    return f"{words.day(moment)} at {words.clock_time(moment)}"
