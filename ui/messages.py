"""What the programme says after a click: done, or what to do next."""

import streamlit as st

from services.errors import AppError, InvalidInputError

_FLASH = "messages_flash"
_DONE = ":material/check_circle:"


def flash(text: str, *, icon: str = _DONE, to_read: bool = False) -> None:
    """Keep a message for the next run: one written before a rerun is never seen.

    One that is `to_read` says more than that something is done, and stays for as long.
    """
    st.session_state[_FLASH] = text, icon, to_read


def show_flash() -> None:
    """Show the message kept by the run before, once."""
    if kept := st.session_state.pop(_FLASH, None):
        text, icon, to_read = kept
        st.toast(text, icon=icon, duration="long" if to_read else "short")


def show_error(error: AppError) -> None:
    """Say what went wrong and what to do; a form's faults one by one."""
    if isinstance(error, InvalidInputError):
        st.error("\n".join(f"- {sentence}" for sentence in error.problems.values()))
    else:
        st.error(str(error))
