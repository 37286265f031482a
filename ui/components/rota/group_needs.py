"""What a group's sessions need of volunteers: what is usual, or what was set here."""

import streamlit as st

from services.db import reading
from services.groups import groups
from services.permissions import Actor
from services.volunteers.rota import needs
from ui.components.form_fields import Room, fresh, keep, number_field, saving, seen
from ui.components.volunteer.words import ROLES


def change_needs(actor: Actor) -> None:
    """For one open group at a time."""
    with reading() as db:
        names = groups.choices(db, actor)
    if not names:
        st.info("There is no open group. Make one under Groups first.")
        return
    ref = st.selectbox("Group", list(names), format_func=names.__getitem__, key="rota_needs_group")
    with reading() as db:
        now = needs.of_group(db, actor, ref)
    usual = "Set for this group." if now.is_set else "As usual for its programme."
    st.caption(f"{usual} Facilitators are not counted here.")
    room: Room = {}
    with st.form(fresh("needs", ref), border=False):
        columns = st.columns(len(needs.ROLES))
        counts = {}
        for role, column in zip(needs.ROLES, columns, strict=True):
            counts[role] = number_field(
                column, room, role.value, ROLES[role.value], f"{ref}_{now.version}",
                value=now.counts.get(role, 0),
            )  # fmt: skip
        pressed = st.form_submit_button("Keep", on_click=keep, args=(now.version,))
    if not pressed:
        return
    with saving("Each of its sessions needs this from now on.", room) as db:
        needs.change(db, actor, ref, counts, version=seen())
