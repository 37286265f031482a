"""Undoing the link of two groups on screen: what would follow, and doing it."""

import streamlit as st

from services.db import reading
from services.groups.pairs import unlinking
from services.groups.schedules.clashes import MAX_REASON
from services.permissions import Actor
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.groups.schedule_clashes import show_clashes
from ui.components.words import literal


def unlink_groups(actor: Actor, group_ref: str) -> None:
    """Look at what would follow, and confirm it."""
    with reading() as db:
        found = unlinking.preview(db, actor, group_ref)
    st.write(
        f"This group and {literal(found.other)} would each go on alone: places and registers stay, "
        f"and {found.to_come} sessions to come are no longer shared."
    )
    show_clashes(found.clashes)
    room: Room = {}
    despite = ""
    with st.form(fresh("unlink_confirm", group_ref), border=False):
        if found.clashes:
            despite = line(
                st, room, "despite", "Why it is right all the same (kept encrypted)",
                f"{group_ref}_unlink", max_chars=MAX_REASON,
            )  # fmt: skip
        pressed = st.form_submit_button(
            "Undo the link", type="primary", on_click=keep, args=(found.version,)
        )
    if not pressed:
        return
    with saving("Each group goes on alone now.", room) as db:
        unlinking.unlink(db, actor, group_ref, version=seen(), despite=despite)
