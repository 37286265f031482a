"""Filling a term on screen: begin, watch or stop it, look through it, and ask those proposed."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.rota import terms
from services.volunteers.rota.running import Running
from services.volunteers.rota.terms import Proposal
from ui.components.choose import show_rows, time_column
from ui.components.form_fields import Room, date_field, done, explain, fresh
from ui.components.presses import submit
from ui.components.rota import words
from ui.components.volunteer.words import ROLES

_RUNNING = "rota_running"
_LOOK_AGAIN = 1.0  # seconds
_WEEKS = 13


def fill_term(actor: Actor) -> None:
    """Where it stands: not begun, under way, or a proposal to look through."""
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None:
        _begin(actor)
    elif not running.is_over:
        _watch()
    elif running.proposal is None:
        st.error("The term could not be filled. Try again, or fill a shorter time.")
        _put_away("Back")
    else:
        _look_through(actor, running.proposal)


def _begin(actor: Actor) -> None:
    st.write(
        "Everybody active is considered, with her hours, limits and wishes. Who has been asked "
        "already stays where she is. Nobody is asked before you have looked through it."
    )
    room: Room = {}
    with st.form(fresh("fill"), border=False):
        until = date_field(
            st, room, "until", "Up to and including", value=clock.today() + timedelta(weeks=_WEEKS)
        )
        pressed = st.form_submit_button("Fill the term", type="primary")
    if not pressed:
        return
    try:
        with reading() as db:
            term = terms.gather(db, actor, until=until)
    except AppError as error:
        explain(error, room)
    else:
        st.session_state[_RUNNING] = Running(term)
        st.rerun()


@st.fragment(run_every=_LOOK_AGAIN)
def _watch() -> None:
    """How it goes, seen anew each second; the whole page once it is over."""
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None or running.is_over:
        st.rerun()
    progress = running.progress
    if progress is None:
        st.progress(0.0, "Reading the rules…")
    else:
        share = min(progress.seconds / running.seconds, 1.0)
        st.progress(share, words.going(progress))
    st.button("Stop, and show what has been found", on_click=running.stop, key="rota_stop")


def _look_through(actor: Actor, proposal: Proposal) -> None:
    st.write(words.proven(proposal.filled))
    if proposal.gaps:
        _gaps(proposal)
    if not proposal.lines:
        st.info("Nobody is proposed: what is open cannot be covered within the rules.")
        _put_away("Put it away")
        return
    _lines(proposal)
    _confirm(actor, proposal)
    _put_away("Put it away, ask nobody")


def _gaps(proposal: Proposal) -> None:
    st.subheader("What stays open, and why", anchor=False)
    frame = pd.DataFrame(
        [
            (gap.starts, gap.group, words.role_missing(gap), words.reasons(gap))
            for gap in proposal.gaps
        ],
        columns=["starts", "group", "role", "why"],
    )
    columns = {
        "starts": time_column("When"),
        "group": "Group",
        "role": "Open",
        "why": "Volunteers kept from it, and by what",
    }
    show_rows(frame, columns, alt="What stays open, and why")


def _lines(proposal: Proposal) -> None:
    st.subheader("Who is proposed", anchor=False)
    frame = pd.DataFrame(
        [(one.starts, one.group, ROLES[one.role], one.name) for one in proposal.lines],
        columns=["starts", "group", "role", "name"],
    )
    columns = {
        "starts": time_column("When"),
        "group": "Group",
        "role": "Role",
        "name": "Volunteer",
    }
    show_rows(frame, columns, alt="Who is proposed")


def _confirm(actor: Actor, proposal: Proposal) -> None:
    """All of it or some groups; each group as a whole, so that nobody is left alone."""
    groups = {one.group_ref: one.group for one in proposal.lines}
    room: Room = {}
    with st.form(fresh("confirm"), border=False):
        chosen = st.multiselect(
            "Ask those proposed for",
            list(groups),
            default=list(groups),
            format_func=groups.__getitem__,
            key=fresh("groups"),
        )
        room["groups"] = st.empty()
        pressed = submit("Ask them all", key=fresh("all_asked"), type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            lines = [one for one in proposal.lines if one.group_ref in chosen]
            asked = terms.confirm(db, actor, lines)
    except AppError as error:
        explain(error, room)
    else:
        _forget()
        done(f"{asked} places stand in the rota as asked. Record the answers as they come.")
        st.rerun()


def _put_away(label: str) -> None:
    st.button(label, on_click=_forget, key="rota_put_away")


def _forget() -> None:
    st.session_state.pop(_RUNNING, None)
