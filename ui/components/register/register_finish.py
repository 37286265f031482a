"""Finishing a register, and opening it again with a reason."""

import pandas as pd
import streamlit as st

from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.registers import finishing, register_locking
from services.registers.registers import Register
from ui.components.cover.kept import how_it_stood
from ui.components.form_fields import Room, choice, done, explain, fresh, line, needed, saving
from ui.components.presses import press
from ui.messages import flash, show_error


def finish_or_reopen(actor: Actor, seen: Register) -> None:
    """What can be done with the register as it stands."""
    if seen.is_cancelled:
        return
    if seen.finished_at is None:
        _finish(actor, seen.session_ref)
        return
    how_it_stood(actor, seen.session_ref)
    if seen.is_locked:
        st.info(register_locking.LOCKED, icon=":material/lock:")
    else:
        _reopen(actor, seen.session_ref)


def unlock_register(actor: Actor, sessions: pd.DataFrame) -> None:
    """On the group's page: for those who may open a register that is locked."""
    locked = sessions[sessions["locked"]]
    topics = zip(locked["ref"], locked["number"], locked["topic"], strict=True)
    options = {ref: f"{number}: {topic}" for ref, number, topic in topics}
    room: Room = {}
    with st.form(fresh("unlock"), border=False):
        st.write("Those who took it can then change marks and finish it again. The reason stays.")
        chosen = choice(room, "session", "Session", options, index=None)
        reason = line(st, room, "reason", "Why does it need to be reopened?", max_chars=200)
        pressed = st.form_submit_button("Open it again")
    if not pressed:
        return
    try:
        ref = needed(chosen, "session", "Choose the session.")
        with transaction() as db:
            finishing.unlock(db, actor, ref, reason=reason)
    except AppError as error:
        explain(error, room)
    else:
        done("The register is open again.")
        st.rerun()


def _finish(actor: Actor, session_ref: str) -> None:
    if not press("Finish the register", type="primary", key=f"finish_{session_ref}"):
        return
    try:
        with transaction() as db:
            finishing.finish(db, actor, session_ref)
    except AppError as error:
        show_error(error)
    else:
        flash("The register is finished.")
        st.rerun()


def _reopen(actor: Actor, session_ref: str) -> None:
    room: Room = {}
    with st.form(fresh("reopen", session_ref)):
        reason = line(
            st, room, "reason", "Why does it need to be reopened?", session_ref, max_chars=200
        )
        st.caption("The reason is kept with the register, and so is every mark changed after it.")
        pressed = st.form_submit_button("Reopen the register")
    if not pressed:
        return
    with saving("The register is open again.", room) as db:
        finishing.reopen(db, actor, session_ref, reason=reason)
