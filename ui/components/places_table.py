"""The people in a group: who has a place, who waits; giving and ending places."""

import pandas as pd
import streamlit as st

from models import CURRENT_PLACES
from services import clock, consent_view, people, places
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import date_column, show_rows
from ui.components.form_fields import (
    Room,
    choice,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.words import literal
from ui.messages import show_error

MOST_MATCHES = 10
_TO_ASK = "Ask for consent to take part"


def places_table(actor: Actor, group_ref: str) -> None:
    """Everybody with a place in the group, and for a coordinator the ways to change that."""
    with reading() as db:
        frame = places.in_group(db, actor, group_ref)
        asks = actor.may(Permission.RECORD_CONSENT)
        to_ask = consent_view.to_ask_in_group(db, actor, group_ref) if asks else ()
    if frame.empty:
        st.info("Nobody has a place yet.")
    else:
        shown = frame.assign(
            state=frame["state"].map(words.label),
            kind=frame["kind"].map(words.label),
            to_do=[_TO_ASK if ref in to_ask else "" for ref in frame["person_ref"]],
        )
        columns = {
            "name": "Name",
            "kind": "Adult or child",
            "state": "Place",
            "to_do": "To do",
            "attended": "Sessions attended",
            "joined": date_column("From"),
            "left": date_column("Until"),
        }
        show_rows(shown, columns, alt="People in this group")
    if actor.may(Permission.EDIT_PEOPLE):
        _give_place(actor, group_ref)
        _end_place(actor, group_ref, frame)


def _give_place(actor: Actor, group_ref: str) -> None:
    st.subheader("Give a place", anchor=False)
    search = st.text_input("Find a participant", autocomplete="off", key=f"give_search_{group_ref}")
    if not search.strip():
        return
    with transaction() as db:
        found = people.directory(db, actor, search=search).head(MOST_MATCHES)
    if found.empty:
        st.info("Nobody of that name. Check the spelling, or add her under Participants.")
        return
    names = dict(zip(found["ref"], found["name"], strict=True))
    with st.form(fresh("give", group_ref)):
        person = st.radio(
            "Who", list(names), format_func=lambda ref: literal(names[ref]), index=None
        )
        pressed = st.form_submit_button("Give a place", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            chosen = needed(person, "person", "Choose who is to have the place.")
            given = places.enrol(db, actor, group_ref=group_ref, person_ref=chosen)
    except AppError as error:
        show_error(error)
    else:
        waits = f"is number {given.waiting_position} on the waiting list: the group is full."
        done(f"{literal(names[chosen])} {waits if given.waiting_position else 'has a place.'}")
        st.rerun()


def _end_place(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    current = frame[frame["state"].isin([state.value for state in CURRENT_PLACES])]
    if current.empty:
        return
    names = dict(zip(current["place"], current["name"], strict=True))
    versions = dict(zip(current["place"], current["version"].map(int), strict=True))
    room: Room = {}
    with st.expander("End a place early"), st.form(fresh("end", group_ref), border=False):
        # None chosen beforehand: one that has ended meanwhile must not turn into another.
        chosen = choice(room, "place", "Whose", names, group_ref, index=None)
        on = st.date_input(
            "Last day", value=clock.today(), format="DD/MM/YYYY", key=fresh("left_on", group_ref)
        )
        room["left_on"] = st.empty()
        reason = line(st, room, "reason", "Reason, in neutral words", group_ref)
        pressed = st.form_submit_button("End the place", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose whose place ends.")
            version = seen()[place]
            moved_up = places.leave(db, actor, place, on=on, reason=reason, version=version)
    except AppError as error:
        explain(error, room)
    else:
        done("The place has ended." + (" The next person waiting has it now." if moved_up else ""))
        st.rerun()
