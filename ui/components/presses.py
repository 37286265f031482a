"""Buttons that are answered although another is pressed before the page has come to them.

Streamlit gives up a run as soon as somebody presses the next thing, and forgets the press it was
about: whoever is quick on a busy day would believe that she has stepped back. A button's callback
comes before the page does. It notes the press, and whichever run comes to the button answers it.
"""

from time import monotonic
from typing import Any

import streamlit as st

_NOTED = "presses_noted"
_COUNTS_FOR = 20.0  # seconds; a page she left meanwhile does nothing on a later day


def press(label: str, *, key: str, **more: Any) -> bool:
    """A button; whether it was pressed and nobody has answered it yet."""
    st.button(label, key=key, on_click=_note, args=(key,), **more)
    return _unanswered(key)


def submit(label: str, *, key: str, **more: Any) -> bool:
    """The same for the button of a form."""
    st.form_submit_button(label, key=key, on_click=_note, args=(key,), **more)
    return _unanswered(key)


def _note(key: str) -> None:
    st.session_state[_NOTED] = {**st.session_state.get(_NOTED, {}), key: monotonic()}


def _unanswered(key: str) -> bool:
    noted: dict[str, float] = st.session_state.get(_NOTED, {})
    if key not in noted:
        return False
    # The last look at the session's state: here a run may be given up, and further on it is not
    # until what was asked for is done.
    st.session_state[_NOTED] = {one: at for one, at in noted.items() if one != key}
    return monotonic() - noted[key] < _COUNTS_FOR
