"""Buttons that are answered although another is pressed before the page has come to them.

Streamlit gives up a run as soon as somebody presses the next thing, and forgets the press it was
about: whoever is quick on a busy day would believe that she has stepped back. A button's callback
comes before the page does. It notes the press, and whichever run comes to the button answers it;
a press whose button is not there any more, the second of two, lapses once a run has come to its
end.
"""

from time import monotonic
from typing import Any, NamedTuple

import streamlit as st

from ui.components import form_fields

_NOTED = "presses_noted"
_COUNTS_FOR = 20.0  # seconds; a page that was left half-way does nothing on a later day


class _Press(NamedTuple):
    at: float
    seen: object  # the versions on her screen as she pressed


def press(label: str, *, key: str, **more: Any) -> bool:
    """A button; whether it was pressed and nobody has answered it yet."""
    st.button(label, key=key, on_click=_note, args=(key,), **more)
    return _unanswered(key)


def submit(label: str, *, key: str, seen: object = None, **more: Any) -> bool:
    """The same for the button of a form, with the versions it keeps (`form_fields.keep`)."""
    st.form_submit_button(label, key=key, on_click=_note, args=(key, seen), **more)
    return _unanswered(key)


def settle() -> None:
    """A run has come to its end: what was pressed and is not there any more has lapsed."""
    st.session_state.pop(_NOTED, None)


def _note(key: str, seen: object = None) -> None:
    noted = st.session_state.get(_NOTED, {})
    st.session_state[_NOTED] = {**noted, key: _Press(monotonic(), seen)}


def _unanswered(key: str) -> bool:
    noted: dict[str, _Press] = st.session_state.get(_NOTED, {})
    if key not in noted:
        return False
    at, seen = noted[key]
    if seen is not None:
        form_fields.keep(seen)
    # The last look at the session's state: here a run may be given up, and further on it is not
    # until what was asked for is done.
    st.session_state[_NOTED] = {one: each for one, each in noted.items() if one != key}
    return monotonic() - at < _COUNTS_FOR
