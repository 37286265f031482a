"""The sealed list of pairs kept apart, behind a reason, and one pair in full."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.placing import conflicts, crossings
from services.placing.conflicts import ConflictView, Why
from services.volunteers.own_time import sealed
from ui.components import words
from ui.components.choose import (
    back_to_list,
    choose_row,
    date_column,
    page_buttons,
    position,
    show_rows,
    start_again,
)
from ui.components.folded import folded
from ui.components.form_fields import Room, area, fresh, keep, saving, seen
from ui.components.placing.conflict_words import STRENGTHS, WHYS
from ui.components.words import literal
from ui.navigation import file_of

_OWN_TIME = {
    Why.TOGETHER: sealed.Why.PLACING,
    Why.PLACING: sealed.Why.PLACING,
    Why.ASKED: sealed.Why.ASKED,
    Why.REVIEW: sealed.Why.REVIEW,
}
_WHY, _LIST = "conflicts_why", "conflicts"


def pairs_to_act_on(actor: Actor, *, link: bool = False) -> None:
    """How many pairs are in one group now although they must not meet; nothing when none are."""
    with reading() as db:
        count = conflicts.to_act_on(db, actor)
    if not count:
        return
    pairs = "One pair" if count == 1 else f"{count} pairs"
    st.error(
        f"{pairs} of people who must not meet: both in one group now. Act today.",
        icon=":material/group_off:",
    )
    if link:
        st.page_link(file_of("conflicts"), label="Open “Kept apart”", icon=":material/lock_open:")


def opened_because() -> Why | None:
    """Why she opened the list, asked for once a visit; None until she has said."""
    if why := st.session_state.get(_WHY):
        return Why(why)
    st.info("This list is sealed. Say why you open it; that is written in the audit log.")
    with st.form("conflicts_open", border=False):
        chosen = st.radio(
            "Why do you open it?", list(WHYS), index=None, format_func=WHYS.__getitem__
        )
        pressed = st.form_submit_button("Open the list", icon=":material/lock_open:")
    if pressed and chosen is None:
        st.error("Choose why you open the list.")
    elif pressed:
        st.session_state[_WHY] = chosen
        st.rerun()
    return None


def sealed_list(actor: Actor, why: Why) -> None:
    """Page by page, newest first."""
    st.button("Seal the list again", icon=":material/lock:", on_click=_seal)
    ended = st.toggle(
        "Show those that have ended", key="conflicts_ended", on_change=start_again, args=(_LIST,)
    )
    with reading() as db:
        frame = conflicts.listed(db, actor, why, ended=ended, before=position(_LIST))
    if frame.empty:
        st.info("No pair here. Below you keep two people apart.")
    else:
        st.caption("Choose a pair to read why.")
        columns = {
            "first": "The one",
            "second": "The other",
            "strength": "How strongly",
            "now": "Now",
            "recorded": date_column("Since"),
        }
        shown = frame.assign(
            strength=frame["strength"].map(STRENGTHS),
            now=frame["together"].map({True: "In one group", False: ""}),
        )
        chosen = choose_row(shown, columns, key="conflicts_list", alt="Pairs kept apart")
        if chosen is not None:
            st.switch_page(file_of("conflicts"), query_params={"conflict": chosen["ref"]})
    last = int(frame["number"].iloc[-1]) if len(frame) else None
    page_buttons(_LIST, page=conflicts.PAGE, shown=len(frame), last=last)
    _own_time(actor, why)
    _must_not_go(actor, why)


def _own_time(actor: Actor, why: Why) -> None:
    """Volunteers who help in a group with somebody of their own time here; nothing if none do."""
    with reading() as db:
        frame = sealed.meetings(db, actor, _OWN_TIME[why])
    if frame.empty:
        return
    st.header("Survivor volunteers and their own time here", anchor=False)
    st.error(
        "These help in a group that is not right for them now. Speak with each alone, and end "
        "the placement today. The group is told neither who nor why.",
        icon=":material/group_off:",
    )
    columns = {"name": "Survivor volunteer", "group": "Group"}
    show_rows(frame, columns, alt="Survivor volunteers whose group is not right for them")


def _must_not_go(actor: Actor, why: Why) -> None:
    """Who is with a group that meets where she must not go; nothing if nobody is."""
    with reading() as db:
        frame = crossings.meetings(db, actor, why)
    if frame.empty:
        return
    st.header("Where somebody must not go", anchor=False)
    st.error(
        "These are with a group that meets in a part of town they must not go to. Speak with each "
        "alone today, and offer another group. The group is told neither who nor why.",
        icon=":material/wrong_location:",
    )
    show_rows(frame, {"name": "Who", "group": "Group"}, alt="Whose group meets where she must not")


def one_pair(actor: Actor, one: ConflictView) -> None:
    """Who, why and since when; where both are now; and the form that ends it."""
    back_to_list("All pairs")
    st.title("Kept apart", anchor=False)
    st.write(f"**{literal(one.first)}** and **{literal(one.second)}**")
    st.caption(
        f"{STRENGTHS[one.strength]} · recorded on {words.day(one.recorded_on)} "
        f"by {literal(one.recorded_by)}"
    )
    if one.groups:
        groups = literal(", ".join(one.groups))
        st.error(
            f"Both are in {groups} now. Speak with each of them alone, and offer one another "
            "group. The group is told neither who nor why.",
            icon=":material/group_off:",
        )
    st.header("Why", anchor=False)
    st.text(one.reason)
    if one.ended_on is not None:
        st.info(f"Ended on {words.day(one.ended_on)}.", icon=":material/task_alt:")
        st.text(one.end_reason or "")
    else:
        folded("End this", partial(_end, actor, one), key=f"end_conflict_{one.ref}")


def _end(actor: Actor, one: ConflictView) -> None:
    room: Room = {}
    with st.form(fresh("end_conflict", one.ref), border=False):
        reason = area(room, "end_reason", "Why they need not be kept apart any longer", one.ref)
        pressed = st.form_submit_button("End it", on_click=keep, args=(one.version,))
    if not pressed:
        return
    with saving("They are no longer kept apart.", room) as db:
        conflicts.end(db, actor, one.ref, reason=reason, version=seen())


def _seal() -> None:
    st.session_state.pop(_WHY, None)
    start_again(_LIST)
