"""The contact log on screen: noting an attempt, and what came of those before."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial

import streamlit as st

from models import ContactOutcome, Route
from services import clock
from services.db import reading, transaction
from services.errors import AppError, InvalidInputError
from services.permissions import Actor
from services.safe_contact import attempts
from services.safe_contact.attempts import AttemptDraft
from ui.components.choose import page_buttons, position, show_rows, time_column
from ui.components.folded import folded
from ui.components.form_fields import Room, choice, done, explain, fresh, line, needed
from ui.components.people.contact_words import OUTCOMES, ROUTES
from ui.components.person.contact_stop import ask_to_stop


def log_section(actor: Actor, ref: str) -> None:
    """Every attempt, the newest first, and a form for one more."""
    key = f"contact_log_{ref}"
    with reading() as db:
        frame = attempts.history(db, actor, ref, before=position(key))
    st.subheader("Contact log", anchor=False)
    folded(
        "Note an attempt to reach her",
        partial(attempt_form, ref, ref, partial(_save, actor, ref)),
        key=f"contact_note_{ref}",
        icon=":material/add_call:",
    )
    if frame.empty:
        st.caption("Nothing noted yet. Note each attempt, whether you reached her or not.")
        return
    columns = {
        "at": time_column("When"),
        "route": "By",
        "outcome": "What came of it",
        "note": "Note",
        "by": "Who",
    }
    shown = frame.assign(route=frame["route"].map(ROUTES), outcome=frame["outcome"].map(OUTCOMES))
    show_rows(shown, columns, alt="Attempts to reach her, the newest first")
    last = frame.iloc[-1]
    page_buttons(
        key,
        page=attempts.PAGE,
        shown=len(frame),
        last=(last["instant"].to_pydatetime(), int(last["number"])),
    )


def attempt_form(ref: str, key: str, save: Callable[[AttemptDraft], bool]) -> None:
    """Fields for one attempt to reach somebody; `save` says whether contact should stop."""
    room: Room = {}
    with st.form(fresh("attempt", key), border=False):
        route = choice(room, "route", "By", ROUTES, key, index=None)
        outcome = choice(room, "outcome", "What came of it", OUTCOMES, key, index=None)
        note = line(st, room, "note", "Note, if any, without names or numbers", key)
        on, at = _when(room, key)
        pressed = st.form_submit_button("Note it", type="primary")
    if not pressed:
        return
    try:
        draft = AttemptDraft(
            route=Route(needed(route, "route", "Choose how you tried to reach her.")),
            outcome=ContactOutcome(needed(outcome, "outcome", "Choose what came of it.")),
            note=note,
            at=_instant(on, at),
        )
        asks = save(draft)
    except AppError as error:
        explain(error, room)
    else:
        if asks:
            ask_to_stop(ref)
        done("Noted in the contact log.")
        st.rerun()


def _save(actor: Actor, ref: str, draft: AttemptDraft) -> bool:
    with transaction() as db:
        return attempts.log(db, actor, ref, draft)


def _when(room: Room, ref: str) -> tuple[date | None, time | None]:
    day, hour = st.columns(2)
    on = day.date_input(
        "Day, if it was not just now",
        value=None,
        max_value=clock.today(),
        format="DD/MM/YYYY",
        key=fresh("attempt_on", ref),
    )
    at = hour.time_input("Time", value=None, step=300, key=fresh("attempt_at", ref))
    room["at"] = st.empty()
    return on, at


def _instant(on: date | None, at: time | None) -> datetime | None:
    if on is None and at is None:
        return None
    if on is None or at is None:
        raise InvalidInputError({"at": "Enter both the day and the time, or neither."})
    return datetime.combine(on, at, tzinfo=clock.LONDON)
