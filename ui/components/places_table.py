"""The people in a group: who has a place, who waits; giving and ending places."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from models import CURRENT_PLACES, PlaceState
from services import clock, consent_view, people, places, standing, transfers
from services.db import reading, transaction
from services.errors import AppError
from services.leaving_reasons import leaving_reasons
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.catch_ups import group_catch_ups
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
from ui.components.free_seats import free_seats
from ui.components.group_figures import one_by_one, prospect_in_words, say_who_needs_help
from ui.components.move_place import move_place
from ui.components.places_frame import in_states, names_of, versions_of
from ui.components.weighing import explain_placing, reasons
from ui.components.words import literal, short_day

MOST_MATCHES = 10
_TO_ASK = "Ask for consent to take part"


def places_table(actor: Actor, group_ref: str) -> None:
    """Everybody with a place in the group, and for a coordinator the ways to change that."""
    frame = people_of(actor, group_ref)
    with reading() as db:
        asks = actor.may(Permission.RECORD_CONSENT)
        moved = transfers.links(db, actor, group_ref)
        prospects = standing.prospects(db, actor, group_ref)
        to_ask = consent_view.to_ask_in_group(db, actor, group_ref) if asks else ()
    say_who_needs_help(prospects)
    if frame.empty:
        st.info("Nobody has a place yet.")
    else:
        shown = frame.assign(
            state=[in_words(row, moved.get(row["place"])) for row in frame.to_dict("records")],
            kind=frame["kind"].map(words.label),
            completing=[prospect_in_words(prospects.get(ref)) for ref in frame["place"]],
            to_do=[_TO_ASK if ref in to_ask else "" for ref in frame["person_ref"]],
        )
        columns = {
            "name": "Name",
            "kind": "Adult or child",
            "state": st.column_config.TextColumn("Place", width="medium"),
            "to_do": st.column_config.TextColumn("To do", width="medium"),
            "attended": "Attended",
            **({"completing": "To complete"} if prospects else {}),
            "joined": date_column("From"),
            "left": date_column("Until"),
        }
        show_rows(shown, columns, alt="People in this group")
    one_by_one(actor, group_ref, frame)
    group_catch_ups(actor, group_ref, frame)
    if actor.may(Permission.EDIT_PEOPLE):
        _give_place(actor, group_ref)
        free_seats(actor, group_ref, frame)
        _end_place(actor, group_ref, frame)
        move_place(actor, group_ref, frame)


def people_of(actor: Actor, group_ref: str) -> pd.DataFrame:
    """The people in the group as they are once offers nobody answered have passed on."""
    with reading() as db:
        frame = places.in_group(db, actor, group_ref)
    if not frame["is_over"].any():
        return frame
    with transaction() as db:
        places.pass_on_lapsed(db, group_ref)
        return places.in_group(db, actor, group_ref)


def in_words(row: Mapping[Any, Any], moved: str | None) -> str:
    """Where a place has got to: its state, and what there is to say of an offer or a leaving."""
    said = words.label(row["state"])
    if row["until"]:
        return f"{said} until {short_day(row['until'])}"
    if row["lapsed"] and row["state"] == PlaceState.WAITING.value:
        return f"{said}: no answer to an offer by {short_day(row['lapsed'])}"
    if moved:
        return f"{said}, moved {moved}" if moved.startswith("from") else f"Moved {moved}"
    return f"{said}: {row['because'].lower()}" if row["because"] else said


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
        why = reasons(room, group_ref)
        pressed = st.form_submit_button("Give a place", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            chosen = needed(person, "person", "Choose who is to have the place.")
            given = places.enrol(db, actor, group_ref=group_ref, person_ref=chosen, **why)
    except AppError as error:
        explain_placing(error, room, group_ref)
    else:
        waits = f"is number {given.waiting_position} on the waiting list: the group is full."
        done(f"{literal(names[chosen])} {waits if given.waiting_position else 'has a place.'}")
        st.rerun()


def _end_place(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    current = frame[in_states(frame, CURRENT_PLACES)]
    if current.empty:
        return
    names, versions = names_of(current), versions_of(current)
    room: Room = {}
    with st.expander("End a place early"), st.form(fresh("end", group_ref), border=False):
        # None chosen beforehand: one that has ended meanwhile must not turn into another.
        chosen = choice(room, "place", "Whose", names, group_ref, index=None)
        on = st.date_input(
            "Last day", value=clock.today(), format="DD/MM/YYYY", key=fresh("left_on", group_ref)
        )
        room["left_on"] = st.empty()
        because = choice(
            room, "because", "Why, if she said so", dict(leaving_reasons()), group_ref, index=None
        )
        reason = line(st, room, "reason", "Anything to add, in neutral words", group_ref)
        pressed = st.form_submit_button("End the place", on_click=keep, args=(versions,))
    if not pressed:
        return
    try:
        with transaction() as db:
            place = needed(chosen, "place", "Choose whose place ends.")
            version = seen()[place]
            offered = places.leave(
                db, actor, place, on=on, because=because, reason=reason, version=version
            )
    except AppError as error:
        explain(error, room)
    else:
        if offered:
            after = " The seat is offered to the next person who waits."
        elif frame["state"].eq(PlaceState.WAITING.value).any():
            after = " Nobody who waits was offered the seat: see who may have it."
        else:
            after = ""
        done(f"The place has ended.{after}")
        st.rerun()
