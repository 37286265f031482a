"""The waiting list on screen: in fair order, by what was asked for, and who was put first."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor, Permission
from services.plans import interventions
from services.referrals import waiting_list
from ui.components import words
from ui.components.choose import choose_row, date_column, page_buttons, position, start_again
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    fresh,
    keep,
    line,
    needed,
    saving,
    seen,
)
from ui.navigation import file_of

_LIST = "waiting_list"


def show_waiting_list(actor: Actor) -> None:
    """Who waits, in the order places are offered; a row opens her referral."""
    wish = _wish()
    with reading() as db:
        frame = waiting_list.listed(db, actor, wish=wish, after=position(_LIST))
    if frame.empty:
        st.info(
            "Nobody waits here. Whoever is suitable goes on the list by the step “waiting list”."
        )
        return
    _rows(frame)
    if actor.may(Permission.EDIT_REFERRALS):
        _order(actor, frame)


def _wish() -> str:
    with reading() as db:
        wishes = interventions.choices(db)
    chosen: str | None = st.selectbox(
        "Waiting for",
        list(wishes),
        index=None,
        format_func=wishes.__getitem__,
        placeholder="Anything",
        key="waiting_wish",
        on_change=start_again,
        args=(_LIST,),
        persist_state="session",
    )
    return chosen or ""


def _rows(frame: pd.DataFrame) -> None:
    st.caption(
        "By the day they were referred; whoever was put first stands before, with the reason. "
        "Choose a row to open a referral."
    )
    columns = {
        "name": "Name",
        "kind": "Adult or child",
        "days": st.column_config.NumberColumn("Days waiting"),
        "received": date_column("Referred on"),
        "put_first_because": "Put first because",
        "put_first_by": "By",
        "put_first_on": date_column("On"),
    }
    shown = frame.assign(kind=frame["kind"].map(words.label))
    chosen = choose_row(shown, columns, key="waiting_rows", alt="The waiting list")
    if chosen is not None:
        st.switch_page(file_of("referrals"), query_params={"referral": chosen["ref"]})
    end = frame.iloc[-1]
    last = (int(end["line"]), end["received"], int(end["number"]))
    page_buttons(_LIST, page=waiting_list.PAGE, shown=len(frame), last=last)


def _order(actor: Actor, frame: pd.DataFrame) -> None:
    rows = {row["ref"]: row for row in frame.to_dict("records")}
    others = {ref: row for ref, row in rows.items() if row["line"]}
    first = {ref: row for ref, row in rows.items() if not row["line"]}
    if others:
        folded("Put somebody first", partial(_put_first, actor, others), key="put_first")
    if first:
        folded("Undo a place put first", partial(_put_back, actor, first), key="put_back")


def _put_first(actor: Actor, rows: Mapping[str, Mapping[Any, Any]]) -> None:
    room: Room = {}
    with st.form(fresh("jump"), border=False):
        ref = _who(room, rows)
        reason = line(st, room, "jump", "Why she goes before the others, for all to see")
        pressed = st.form_submit_button(
            "Put her first", type="primary", on_click=keep, args=(_versions(rows),)
        )
    if not pressed:
        return
    with saving("She goes first now. The reason stands beside her name.", room) as db:
        chosen = needed(ref, "who", "Choose who goes first.")
        waiting_list.put_first(db, actor, chosen, reason=reason, version=seen()[chosen])


def _put_back(actor: Actor, rows: Mapping[str, Mapping[Any, Any]]) -> None:
    room: Room = {}
    with st.form(fresh("unjump"), border=False):
        ref = _who(room, rows, "back")
        pressed = st.form_submit_button(
            "Put her back in order", on_click=keep, args=(_versions(rows),)
        )
    if not pressed:
        return
    with saving("She waits in the order of referral again.", room) as db:
        chosen = needed(ref, "who", "Choose who goes back in order.")
        waiting_list.put_back(db, actor, chosen, version=seen()[chosen])


def _who(room: Room, rows: Mapping[str, Mapping[Any, Any]], ref: str = "") -> str | None:
    names = {one: f"{row['name']}, {row['days']} days" for one, row in rows.items()}
    return choice(room, "who", "Who", names, ref, index=None)


def _versions(rows: Mapping[str, Mapping[Any, Any]]) -> dict[str, int]:
    return {ref: int(row["version"]) for ref, row in rows.items()}
