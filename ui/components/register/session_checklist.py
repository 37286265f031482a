"""A session's checklist on screen: each tick is saved at once, with who made it and when."""

from functools import partial

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from services.registers import session_steps
from services.registers.session_steps import Part, Ticked
from ui import auth
from ui.components import words
from ui.components.folded import folded
from ui.components.words import literal
from ui.messages import show_error


def checklist_part(actor: Actor, session_ref: str) -> None:
    """Folded away, with a line above it that says how much is done.

    Not in the heading: a box whose heading changes folds up again at each tick.
    """
    with reading() as db:
        parts = session_steps.checklist(db, actor, session_ref)
    steps = [step for part in parts for step in part.steps]
    done = sum(step.at is not None for step in steps)
    st.caption(f"{done} of {len(steps)} steps done.")
    folded(
        "Checklist",
        partial(_parts, actor, session_ref, parts),
        key=f"checklist_{session_ref}",
        icon=":material/checklist:",
    )


def _parts(actor: Actor, session_ref: str, parts: tuple[Part, ...]) -> None:
    for part in parts:
        st.markdown(f"**{part.title}**")
        for step in part.steps:
            _step(actor, session_ref, step, is_open=part.is_open)


def _step(actor: Actor, session_ref: str, step: Ticked, *, is_open: bool) -> None:
    key = f"step_{session_ref}_{step.key}"
    # What the database has, not what this browser last saw: a colleague may have ticked it.
    st.session_state[key] = step.at is not None
    by = f" :gray[{literal(step.by or '')}, {words.clock_time(step.at)}]" if step.at else ""
    st.checkbox(
        step.text + by,
        key=key,
        disabled=not is_open,
        on_change=_save,
        args=(actor, session_ref, step.key, key),
    )


def _save(actor: Actor, session_ref: str, step: str, key: str) -> None:
    """A callback runs before the page has asked who she is, so it asks itself."""
    if not auth.still(actor, Permission.TAKE_REGISTER):
        return
    try:
        with transaction() as db:
            session_steps.tick(db, actor, session_ref, step, done=st.session_state[key])
    except AppError as error:
        show_error(error)
