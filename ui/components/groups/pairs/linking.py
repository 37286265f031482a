"""Linking two groups there are already as parents and children: which, a look, and the link."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.errors import AppError
from services.groups.pairs import linking
from services.groups.pairs.halves import Side
from services.groups.pairs.linking import LinkDraft, LinkPreview
from services.groups.schedules.clashes import MAX_REASON
from services.groups.schedules.parts import Shape
from services.permissions import Actor
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.groups.pairs.words import HALVES, SHAPES
from ui.components.groups.schedule_clashes import show_clashes
from ui.components.words import literal, short_day
from ui.messages import show_error

_AS_WRITTEN = "As the programme has it"
_SIDES = {side.value: HALVES[side] for side in Side}


def link_groups(actor: Actor, group_ref: str) -> None:
    """Choose the other half, look at which sessions pair up, and confirm it."""
    with reading() as db:
        others = linking.candidates(db, actor, group_ref)
    if not others:
        st.info("Every other open group is linked already, or there is none. Make a group first.")
        return
    draft = _asked(group_ref, others)
    if draft is None:
        st.caption("Once both are chosen, you see here which sessions would pair up.")
        return
    try:
        with reading() as db:
            found = linking.preview(db, actor, group_ref, draft)
    except AppError as error:
        show_error(error)
        return
    _show(found, literal(others[draft.other_ref]))
    _confirm(actor, group_ref, draft, found)


def _asked(group_ref: str, others: dict[str, str]) -> LinkDraft | None:
    other = st.selectbox(
        "The other half",
        list(others),
        index=None,
        format_func=others.__getitem__,
        placeholder="Please choose",
        key=fresh("link_other", group_ref),
    )
    side = st.radio(
        "This group is",
        list(_SIDES),
        index=None,
        format_func=_SIDES.__getitem__,
        horizontal=True,
        key=fresh("link_side", group_ref),
    )
    shape = st.selectbox(
        "Parents and children meet",
        ["", *SHAPES],
        format_func=lambda value: SHAPES.get(value, _AS_WRITTEN),
        key=fresh("link_shape", group_ref),
    )
    if other is None or side is None:
        return None
    return LinkDraft(other_ref=other, side=Side(side), shape=Shape(shape) if shape else None)


def _show(found: LinkPreview, other: str) -> None:
    rows = [
        (
            f"{short_day(one.starts)}, {one.starts:%H:%M}",
            "" if one.mine is None else str(one.mine),
            "" if one.theirs is None else str(one.theirs),
            SHAPES[one.shape.value] if one.shape is not None else "One half alone",
        )
        for one in found.pairings
    ]
    columns = ["When", "This group", other, "Parents and children"]
    st.table(pd.DataFrame(rows, columns=columns), hide_index=True)
    show_clashes(found.clashes)


def _confirm(actor: Actor, group_ref: str, draft: LinkDraft, found: LinkPreview) -> None:
    room: Room = {}
    despite = ""
    with st.form(fresh("link_confirm", group_ref), border=False):
        if found.clashes:
            despite = line(
                st, room, "despite", "Why it is right all the same (kept encrypted)",
                f"{group_ref}_link", max_chars=MAX_REASON,
            )  # fmt: skip
        pressed = st.form_submit_button(
            "Link these two groups", type="primary", on_click=keep,
            args=((found.version, repr(draft)),),
        )  # fmt: skip
    if not pressed:
        return
    version, then = seen()
    if then != repr(draft):
        st.warning("You changed something since you looked. Look again, then confirm.")
        return
    with saving("The two groups are linked. Each keeps a register of its own.", room) as db:
        linking.link(db, actor, group_ref, draft, version=version, despite=despite)
