"""Catch-up sessions on screen: what was caught up on, recording one, taking one back."""

from functools import partial

import pandas as pd
import streamlit as st

from models import NEVER_TAKEN_UP, CatchUpWay
from services import clock
from services.accounts import colleagues
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from services.registers import catch_ups
from services.registers.catch_ups import CatchUpDraft
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    area,
    choice,
    date_field,
    done,
    explain,
    fresh,
    keep,
    needed,
    saving,
    seen,
)
from ui.components.groups.places_frame import in_states, names_of
from ui.components.words import literal

WAYS = {
    CatchUpWay.IN_PERSON.value: "In person",
    CatchUpWay.PHONE.value: "By phone",
    CatchUpWay.ONLINE.value: "Online",
    CatchUpWay.OTHER_GROUP.value: "With another group",
}


def group_catch_ups(actor: Actor, group_ref: str, in_group: pd.DataFrame) -> None:
    """The catch-ups of a group's people; `in_group` is the table of its places."""
    names = names_of(in_group[~in_states(in_group, NEVER_TAKEN_UP)])
    with reading() as db:
        frame = catch_ups.in_group(db, actor, group_ref)
    _list(frame, ["name"])
    _change(actor, frame, names, "Who", group_ref)


def person_catch_ups(actor: Actor, person_ref: str, places: pd.DataFrame) -> None:
    """One person's catch-ups over her groups; `places` is the table of her places."""
    there = places[~in_states(places, NEVER_TAKEN_UP)]
    if there.empty:
        return
    names = dict(zip(there["place"], there["group"], strict=True))

    def draw() -> None:
        with reading() as db:
            frame = catch_ups.of_person(db, actor, person_ref)
        _list(frame, ["group"])
        _change(actor, frame, names, "Group", person_ref)

    folded("Catch-up sessions", draw, key=f"catch_ups_{person_ref}")


def _list(frame: pd.DataFrame, first: list[str]) -> None:
    if frame.empty:
        st.info("Nobody has caught up on a session yet.")
        return
    shown = frame.assign(way=frame["way"].map(WAYS), minutes=frame["minutes"].astype("Int64"))
    headings = {
        "name": "Name",
        "group": "Group",
        "session": "Session",
        "topic": "Topic",
        "on": date_column("Done on"),
        "way": "How",
        "by": "By",
        "minutes": "Minutes",
        "note": "Note",
    }
    columns = {
        name: heading
        for name, heading in headings.items()
        if name not in ("name", "group", "note") or name in first
    }
    if shown["note"].any():
        columns["note"] = headings["note"]
    show_rows(shown, columns, alt="Catch-up sessions")


def _change(actor: Actor, frame: pd.DataFrame, names: dict[str, str], label: str, key: str) -> None:
    if not actor.may(Permission.TAKE_REGISTER):
        return
    place = st.selectbox(
        f"Record a catch-up: {label.lower()}",
        list(names),
        index=0 if len(names) == 1 else None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=fresh("catch_up_place", key),
    )
    if place is not None:
        _record(actor, place, names[place])
    if not frame.empty:
        folded("Take a catch-up back", partial(_take_back, actor, frame, key), key=f"undo_{key}")


def _record(actor: Actor, place: str, name: str) -> None:
    with reading() as db:
        sessions = catch_ups.to_catch_up(db, actor, place)
        staff = colleagues.who_may(db, Permission.TAKE_REGISTER)
    if not sessions:
        st.info("There is no session to catch up on: she was at every one that has been.")
        return
    room: Room = {}
    with st.form(fresh("catch_up", place), border=False):
        session = choice(room, "session", "Which session", sessions, place, index=None)
        on = date_field(
            st, room, "done_on", "When", place, value=clock.today(), max_value=clock.today()
        )
        way = choice(room, "way", "How", WAYS, place, index=0)
        mine = list(staff).index(actor.ref) if actor.ref in staff else None
        by = choice(room, "done_by", "By whom", staff, place, index=mine)
        minutes = st.number_input(
            "Minutes (optional)", value=None, step=5, key=fresh("minutes", place)
        )
        room["minutes"] = st.empty()
        note = area(room, "note", "Short note (optional)", place)
        pressed = st.form_submit_button("Record the catch-up", type="primary")
    if not pressed:
        return
    try:
        draft = CatchUpDraft(
            place_ref=place,
            session_ref=needed(session, "session", "Choose which session she caught up on."),
            done_on=on,
            way=CatchUpWay(way),
            done_by_ref=needed(by, "done_by", "Choose who did it with her."),
            minutes=minutes,
            note=note,
        )
        with transaction() as db:
            catch_ups.record(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        done(f"{literal(name)}: the catch-up is recorded, and the session counts as covered.")
        st.rerun()


def _take_back(actor: Actor, frame: pd.DataFrame, key: str) -> None:
    rows = frame.to_dict("records")
    names = {row["ref"]: f"{row['name']}, session {row['session']}: {row['topic']}" for row in rows}
    versions = {row["ref"]: int(row["version"]) for row in rows}
    room: Room = {}
    with st.form(fresh("take_back", key), border=False):
        chosen = choice(room, "catch_up", "Which one", names, key, index=None)
        pressed = st.form_submit_button("Take it back", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("The catch-up is taken back, and the mark from before is there again.", room) as db:
        ref = needed(chosen, "catch_up", "Choose which catch-up to take back.")
        catch_ups.take_back(db, actor, ref, version=seen()[ref])
