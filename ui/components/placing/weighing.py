"""What a placing screen asks a coordinator to weigh, without saying who or why."""

import streamlit as st

from services.errors import AppError, InvalidInputError
from ui.components.form_fields import Room, explain, fresh, line

_LABELS = {
    "despite": "Why it is right for her all the same",
    "late": "Why she joins now",
    "fit": "Why this place is right all the same (kept encrypted)",
}


def reason_despite(room: Room, ref: str) -> str:
    """The field for a coordinator's reason to place her, once it has been asked for."""
    return _reason("despite", room, ref)


def reasons(room: Room, ref: str) -> dict[str, str]:
    """Every reason a place may need, by its field; empty where none has been asked for."""
    return {field: _reason(field, room, ref) for field in _LABELS}


def explain_placing(error: AppError, room: Room, *, ref: str) -> None:
    """Each fault at its field; where a reason is needed, its field is there from now on."""
    problems = error.problems if isinstance(error, InvalidInputError) else {}
    asked = [field for field in _LABELS if field in problems and field not in room]
    for field in asked:
        st.session_state[_asked(field, ref)] = problems[field]
    if asked:
        st.rerun()
    explain(error, room)


def _reason(field: str, room: Room, ref: str) -> str:
    sentence = st.session_state.get(_asked(field, ref))
    if not sentence:
        return ""
    st.warning(sentence, icon=":material/balance:")
    return line(st, room, field, _LABELS[field], ref)


def _asked(field: str, ref: str) -> str:
    return fresh(f"asked_{field}", ref)
