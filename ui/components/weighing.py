"""What a placing screen shows of conflicts: that there is something to weigh, never who or why."""

import streamlit as st

from services.errors import AppError, InvalidInputError
from services.placing import WEIGH
from ui.components.form_fields import Room, explain, fresh, line

_FIELD = "despite"


def reason_despite(room: Room, ref: str) -> str:
    """The field for a coordinator's reason, once it has been asked for."""
    if not st.session_state.get(_asked(ref)):
        return ""
    st.warning(WEIGH, icon=":material/balance:")
    return line(st, room, _FIELD, "Why it is right for her all the same", ref)


def explain_placing(error: AppError, room: Room, ref: str) -> None:
    """Each fault at its field; where a reason is needed, its field is there from now on."""
    asks = isinstance(error, InvalidInputError) and _FIELD in error.problems
    if asks and _FIELD not in room:
        st.session_state[_asked(ref)] = True
        st.rerun()
    explain(error, room)


def _asked(ref: str) -> str:
    return fresh("asked_despite", ref)
