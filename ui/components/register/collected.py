"""After a session: who collected each child, one tap each."""

from functools import partial

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from services.registers.collecting import at_session
from services.registers.collecting.at_session import Child
from services.registers.registers import Register
from ui import auth
from ui.components.folded import folded
from ui.components.words import literal
from ui.messages import show_error


def collected_part(actor: Actor, seen: Register) -> None:
    """Nothing at all where no child is expected."""
    if any(line.collecting is not None for line in seen.lines):
        folded(
            "Who collected each child",
            partial(_children, actor, seen.session_ref),
            key=f"collected_{seen.session_ref}",
            icon=":material/family_restroom:",
        )


def _children(actor: Actor, session_ref: str) -> None:
    with reading() as db:
        children = at_session.of_session(db, actor, session_ref)
    if not children:
        st.caption("Children appear here once they are marked as there.")
        return
    noted = sum(child.chosen is not None for child in children)
    st.caption(f"{noted} of {len(children)} noted. One tap each; tap again to take it back.")
    for child in children:
        _child(actor, session_ref, child)


def _child(actor: Actor, session_ref: str, child: Child) -> None:
    if not child.may and child.chosen is None:
        st.markdown(
            f"**{literal(child.name)}**: nobody is on the list yet, see the child's record."
        )
        return
    key = f"collected_{session_ref}_{child.place_ref}"
    # What the database has, not what this browser last saw: a colleague may have noted it.
    st.session_state[key] = child.chosen if child.chosen in child.may else None
    by = f", noted by {child.by}" if child.by else ""
    st.pills(
        literal(child.name + by),
        list(child.may),
        format_func=child.may.__getitem__,
        key=key,
        on_change=_save,
        args=(actor, session_ref, child.place_ref, key, child.chosen),
    )


def _save(actor: Actor, session_ref: str, place_ref: str, key: str, seen: str | None) -> None:
    """A callback runs before the page has asked who she is, so it asks itself."""
    if not auth.still(actor, Permission.TAKE_REGISTER):
        return
    try:
        with transaction() as db:
            at_session.collected(
                db, actor, session_ref, place_ref, st.session_state[key], seen=seen
            )
    except AppError as error:
        show_error(error)
