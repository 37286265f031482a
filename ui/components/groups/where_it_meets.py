"""What a group is called and where it meets: shown to staff, asked for, and changed."""

from typing import Any

import streamlit as st

from services.groups import where_it_meets
from services.groups.groups import GroupSummary
from services.groups.pairs.view import OtherGroup
from services.groups.where_it_meets import MAX_CODE_NAME, MAX_LINK, MAX_VENUE, WhereItMeets
from services.permissions import Actor
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.words import literal

VENUE = "Venue (kept encrypted, shown to staff only)"
LINK = "Online link (kept encrypted, shown to staff only)"


def say_where(group: GroupSummary) -> None:
    """Venue and link, where there are any. A link that was kept holds nothing but itself."""
    if group.venue:
        st.text(f"Venue, for staff only: {group.venue}")
    if group.online_link:
        st.markdown(f"Online, for staff only: <{group.online_link}>")


def where_fields(room: Room) -> dict[str, Any]:
    """What a `GroupDraft` says of the venue and the link."""
    venue = st.text_input(VENUE, max_chars=MAX_VENUE, key="new_group_venue")
    room["venue"] = st.empty()
    link = st.text_input(LINK, max_chars=MAX_LINK, key="new_group_link")
    room["online_link"] = st.empty()
    return {"venue": venue, "online_link": link}


def change_where(actor: Actor, group: GroupSummary, other_half: OtherGroup | None) -> None:
    """Another name, venue or link; of two linked groups this half's alone."""
    if other_half is not None:
        st.info(
            f"This changes this half only. {literal(other_half.code_name)}, the other half, keeps "
            "its own name, venue and link: change them there too if it moves with this one."
        )
    room: Room = {}
    with st.form(fresh("where", group.ref), border=False):
        now = WhereItMeets(
            code_name=_line(room, "code_name", "Code name, safe to say aloud", group),
            venue=_line(room, "venue", VENUE, group),
            online_link=_line(room, "online_link", LINK, group),
        )
        pressed = st.form_submit_button("Change this", on_click=keep, args=(group.version,))
    if not pressed:
        return
    with saving("Changed. Tell whoever comes by the route that is safe for each.", room) as db:
        where_it_meets.change(db, actor, group.ref, now, version=seen())


def _line(room: Room, field: str, label: str, group: GroupSummary) -> str:
    most = {"code_name": MAX_CODE_NAME, "venue": MAX_VENUE, "online_link": MAX_LINK}[field]
    value = getattr(group, field) or ""
    return line(st, room, field, label, group.ref, value=value, max_chars=most)
