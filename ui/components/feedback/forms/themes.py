"""The themes that what people write can be put to."""

import streamlit as st

from services import themes
from services.db import reading
from services.permissions import Actor
from services.themes import LONGEST, Theme
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.words import literal

_NEW = ""


def edit_themes(actor: Actor) -> None:
    """One theme at a time; a short list is worth more than a complete one."""
    with reading() as db:
        now = {one.ref: one for one in themes.listing(db, actor)}
    offered = [literal(one.label) for one in now.values() if one.is_active]
    st.write(f"Facilitators choose from these: {', '.join(offered)}.")
    ref = st.selectbox(
        "Theme",
        [_NEW, *now],
        format_func=lambda ref: now[ref].label if ref else "A new one",
        key=fresh("themes", "choice"),
    )
    _form(actor, now.get(ref))


def _form(actor: Actor, theme: Theme | None) -> None:
    room: Room = {}
    ref = theme.ref if theme else "new_theme"
    with st.form(fresh("theme", ref), border=False):
        label = line(
            st, room, "label", "In a few words", ref, value=theme.label if theme else "",
            max_chars=LONGEST,
        )  # fmt: skip
        is_active = theme is None or st.checkbox(
            "Offered to choose from", value=theme.is_active, key=fresh("theme_active", ref)
        )
        pressed = st.form_submit_button(
            "Save the theme", type="primary", on_click=keep, args=(theme.version if theme else 0,)
        )
    if not pressed:
        return
    with saving("The theme is saved.", room) as db:
        if theme is None:
            themes.add(db, actor, label)
        else:
            themes.change(db, actor, ref, label, is_active=is_active, version=seen())
