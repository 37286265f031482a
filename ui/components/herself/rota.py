"""Her sessions: who comes today, what she is asked to cover, and what she has said yes to."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.herself import sessions, shifts
from services.volunteers.herself.record import Herself
from services.volunteers.herself.sessions import OwnSession
from services.volunteers.herself.shifts import OwnShift
from ui.components import words
from ui.components.folded import folded
from ui.components.form_fields import saving
from ui.components.presses import press
from ui.components.volunteer.words import ROLES
from ui.components.words import literal

_RELIEF = {
    "asked": "You have asked for somebody to take this. Until somebody has said yes, you are "
    "still in.",
    "nobody": "This time nobody could take it, so you are in as before. It was right to ask, and "
    "if you cannot come, say so here: that is fine too.",
}


def draw(actor: Actor, _me: Herself) -> None:
    """Today first, then what waits for her answer, then the rest."""
    with reading() as db:
        here = sessions.today(db, actor)
        coming = shifts.coming(db, actor)
    for one in here:
        _today(one)
    asked = [one for one in coming if one.state == "offered"]
    agreed = [one for one in coming if one.state == "accepted"]
    if asked:
        st.header("You are asked to help", anchor=False)
        for shift in asked:
            _asked(actor, shift)
    st.header("Sessions to come", anchor=False)
    if not agreed:
        st.caption("None yet. When you are asked to help at a session, it appears here.")
    for shift in agreed:
        _agreed(actor, shift)
    for shift in coming:
        if shift.state == "swapped":
            st.write(f"{_when(shift)} · {_what(shift)}")
            st.caption("Somebody else has taken this one. You are free then; thank you.")


def _today(one: OwnSession) -> None:
    with st.container(border=True):
        st.subheader(f"Today, {words.span(one.starts, one.ends)}", anchor=False)
        st.write(_what(one))
        if not one.people:
            st.caption("The facilitator tells you who comes.")
            return
        lines = [
            f"**{literal(comer.first_name)}**"
            + (f": {literal('; '.join(comer.needs))}" if comer.needs else "")
            for comer in one.people
        ]
        st.markdown("Who comes, and what to have ready:\n" + "\n".join(f"- {x}" for x in lines))
        st.caption("First names, for today only. Please write nothing down and take no picture.")


def _asked(actor: Actor, one: OwnShift) -> None:
    with st.container(border=True):
        st.write(f"**{_when(one)}** · {ROLES[one.role]}")
        st.write(_what(one))
        yes, no = st.columns(2)
        with yes:
            accepts = press(
                "Yes, I will come", key=f"yes_{one.ref}", type="primary", width="stretch"
            )
        with no:
            declines = press("Not this time", key=f"no_{one.ref}", width="stretch")
        if accepts:
            _do(
                lambda db: shifts.answer(db, actor, one.ref, accepts=True, version=one.version),
                "You are in the rota. Thank you.",
            )
        if declines:
            _do(
                lambda db: shifts.answer(db, actor, one.ref, accepts=False, version=one.version),
                "That is fine. Nobody asks why.",
            )


def _agreed(actor: Actor, one: OwnShift) -> None:
    st.write(f"**{_when(one)}** · {ROLES[one.role]} · {_what(one)}")
    if one.relief is not None:
        st.info(_RELIEF[one.relief], icon=":material/volunteer_activism:")
    label = f"I cannot come on {words.short_day(one.starts)}"
    folded(label, partial(_cannot_come, actor, one), key=f"cancel_{one.ref}")


def _cannot_come(actor: Actor, one: OwnShift) -> None:
    if one.relief == "asked":
        _keep(actor, one)
    else:
        _ask_relief(actor, one)
    _cancel(actor, one)


def _ask_relief(actor: Actor, one: OwnShift) -> None:
    st.write(
        "If there is time, your coordinator can look for somebody to take it. You stay in the "
        "session until somebody has said yes. Nobody asks why."
    )
    if press("Ask somebody to take this", key=f"relief_{one.ref}"):
        _do(
            lambda db: shifts.ask_relief(db, actor, one.ref, version=one.version),
            "Your coordinator has been told. Until somebody has said yes you are still in.",
        )


def _keep(actor: Actor, one: OwnShift) -> None:
    if press("I can come after all", key=f"keep_{one.ref}"):
        _do(
            lambda db: shifts.keep(db, actor, one.ref, version=one.version),
            "You are in this session as before. Thank you.",
        )


def _cancel(actor: Actor, one: OwnShift) -> None:
    st.write("Or leave it now: your place is open for somebody else at once. Nobody asks why.")
    if press("Take me out of this session", key=f"out_{one.ref}"):
        _do(
            lambda db: shifts.cancel(db, actor, one.ref, version=one.version),
            "You are out of this session. Thank you for saying so.",
        )


def _do(act: Callable[[Any], None], message: str) -> None:
    with saving(message) as db:
        act(db)


def _when(one: OwnShift) -> str:
    return f"{words.day(one.starts)}, {words.span(one.starts, one.ends)}"


def _what(one: OwnSession | OwnShift) -> str:
    parts: Sequence[str] = (one.group, f"session {one.number}", one.topic, one.room or "")
    return " · ".join(literal(part) for part in parts if part)
