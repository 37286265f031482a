"""The form that decides on something recorded about a volunteer: on which, what, and why."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from ui.components.form_fields import (
    Kept,
    Room,
    area,
    choice,
    fresh,
    keep,
    needed,
    only,
    saving,
    seen,
    versions_seen,
)


def decide(
    field: str,
    ref: str,
    found: Sequence[Kept],
    *,
    called: Mapping[str, str],
    options: Mapping[str, str],
    why: str,
    act: Callable[..., None],
) -> None:
    """`act` keeps it: given the database, which of those found, what was decided, and more."""
    room: Room = {}
    own = f"{ref}_{field}_decision"
    with st.form(fresh(f"{field}_decide", ref), border=False):
        which = choice(room, field, field.capitalize(), dict(called), own, index=only(found))
        decision = choice(room, "decision", "Decision", dict(options), own, index=None)
        reason = area(room, "reason", why, own)
        pressed = st.form_submit_button("Decide", on_click=keep, args=(versions_seen(found),))
    if not pressed:
        return
    with saving("Your decision is noted, with your name.", room) as db:
        chosen = needed(which, field, f"Choose the {field}.")
        decided = needed(decision, "decision", "Choose what you decide.")
        act(db, chosen, decided, reason=reason, version=seen()[chosen])
