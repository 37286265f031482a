"""The people in a group: who has a place, who waits; giving and ending places."""

import pandas as pd
import streamlit as st

from models import CURRENT_PLACES, PlaceState
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
from ui.components.weighing import explain_placing, reason_despite
from ui.components.words import literal

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
        _take_up(actor, group_ref, frame)
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
    room: Room = {}
    with st.form(fresh("give", group_ref)):
        person = st.radio(
            "Who", list(names), format_func=lambda ref: literal(names[ref]), index=None
        )
        room["person"] = st.empty()
        despite = reason_despite(room, group_ref)
        pressed = st.form_submit_button("Give a place", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            chosen = needed(person, "person", "Choose who is to have the place.")
            given = places.enrol(db, actor, group_ref=group_ref, person_ref=chosen, despite=despite)
    except AppError as error:
        explain_placing(error, room, group_ref)
    else:
        waits = f"is number {given.waiting_position} on the waiting list: the group is full."
        done(f"{literal(names[chosen])} {waits if given.waiting_position else 'has a place.'}")
        st.rerun()


def _take_up(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """A free seat for somebody who waits; most move up by themselves when one comes free."""
    waiting = frame[frame["state"].eq(PlaceState.WAITING.value)]
    if waiting.empty:
        return
    names = dict(zip(waiting["place"], waiting["name"], strict=True))
    versions = dict(zip(waiting["place"], waiting["version"].map(int), strict=True))
    room: Room = {}
    key = f"{group_ref}_waiting"
    with (
        st.expander("Give a free seat to somebody who waits"),
        st.form(fresh("take_up", group_ref), border=False),
    ):
        st.caption(
            "Whoever waits longest moves up by herself, unless there is something to weigh or "
            "this group is not the right one for her."
        )
        chosen = choice(room, "place", "Who", names, key, index=None)
        despite = reason_despite(room, key)
        pressed = st.form_submit_button("Give her the seat", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose who is to have the seat.")
            places.take_up(db, actor, place, version=seen()[place], despite=despite)
    except AppError as error:
        explain_placing(error, room, key)
    else:
        done(f"{literal(names[place])} has a place.")
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
        if moved_up:
            after = " The next person waiting has it now."
        elif frame["state"].eq(PlaceState.WAITING.value).any():
            after = " Nobody who waits moved up by herself: see who may have the seat."
        else:
            after = ""
        done(f"The place has ended.{after}")
        st.rerun()
