"""The harness's page. The address says which component, whose records and how it behaves."""

import time

import streamlit as st

from tests.browser.harness.store import records
from ui.components.autosave_note import autosave_note
from ui.components.idle_lock import idle_lock
from ui.components.register.register import register

ask = st.query_params
kept = records(ask.get("records", "example"))
st.set_page_config(layout="wide" if "wide" in ask else "centered")
st.title("Tuesday group")


def shown() -> None:
    """The component under test, slowed down on request."""
    time.sleep(float(ask.get("slow", 0)))
    match ask.get("show", "register"):
        case "register":
            register(
                list(kept.rows.values()),
                key="register",
                session=ask.get("records", "example"),
                marker="m1",
                on_taps=kept.save,
                locked=ask.get("locked"),
            )
        case "note":
            autosave_note(
                "Note on this session",
                kept.note,
                kept.note_version,
                key="note",
                writer="m1",
                on_edit=kept.write,
                by=kept.note_by,
            )


def lock() -> None:
    """What a shell would do: end the sign-in, however often it is told."""
    time.sleep(float(ask.get("slow", 0)))
    kept.idle += 1
    st.session_state.locked = True


if st.session_state.get("locked"):
    st.write("Signed out.")
else:
    show = st.fragment(shown, run_every=float(ask["poll"])) if "poll" in ask else shown
    show()
    if "idle" in ask:
        idle_lock(float(ask["idle"]), sign_in=ask.get("records", "example"), on_idle=lock)
    st.button("Run the page again")
