"""How far both registers of one session are, on either half's register."""

import streamlit as st

from services.db import reading
from services.groups.pairs import view
from services.groups.pairs.view import OtherRegister, Progress
from services.permissions import Actor, Permission
from ui import auth
from ui.components.choose import another_record
from ui.components.groups.pairs.words import HALVES, SHAPES
from ui.components.words import literal

LOOK_AGAIN = "15s"


def other_register(actor: Actor, session_ref: str) -> None:
    """The other half's register: numbers for everybody, a link for whoever may see that group."""
    found = _read(actor, session_ref)
    if found is not None:
        _panel(actor, session_ref, [found])


@st.fragment(run_every=LOOK_AGAIN)
def _panel(actor: Actor, session_ref: str, just_read: list[OtherRegister]) -> None:
    """Only a session of a pair looks again; `just_read` is what the page has read for itself."""
    if not auth.still(actor, Permission.TAKE_REGISTER):
        st.rerun()
    found = just_read.pop() if just_read else _read(actor, session_ref)
    if found is None:
        return
    if found.shape is not None:
        st.write(f"**Parents and children: {SHAPES[found.shape].lower()}**")
    st.caption(f"This register: {_so_far(found.mine)}. {_theirs(found)}")
    if found.session_ref is not None:
        another_record(
            f"Register of {literal(found.code_name)}",
            icon=":material/family_restroom:",
            address="register",
            query={"session": found.session_ref},
        )


def _read(actor: Actor, session_ref: str) -> OtherRegister | None:
    with reading() as db:
        return view.of_session(db, actor, session_ref)


def _theirs(found: OtherRegister) -> str:
    half = f"{HALVES[found.side]}, {literal(found.code_name)}, session {found.number}"
    if found.is_cancelled:
        return f"{half}: cancelled."
    return f"{half}: {_so_far(found.theirs)}."


def _so_far(found: Progress) -> str:
    if not found.expected:
        return "nobody expected"
    done = ", finished" if found.is_finished else ""
    return f"{found.marked} of {found.expected} marked{done}"
