"""Whose sessions the calendar shows, kept in the address: a select for each thing to choose by."""

import streamlit as st

from services.accounts import accounts
from services.calendar.calendar import Filters
from services.db import reading
from services.groups import groups, rooms
from services.permissions import Actor, Permission


def calendar_filters(actor: Actor) -> Filters:
    """What she chose; a facilitator's own groups are few and all hers, so she chooses a group."""
    with reading() as db:
        open_groups = groups.choices(db, actor)
        plans = actor.may(Permission.EDIT_GROUPS)
        colleagues = accounts.facilitators(db, actor) if plans else {}
        in_use = rooms.choices(db, actor) if plans else {}
    columns = iter(st.columns(3 if plans else 2))
    with next(columns):
        group = _choice("Group", open_groups, "All groups", key="calendar_group")
    if not plans:
        return Filters(group=group)
    with next(columns):
        facilitator = _choice(
            "Facilitator", colleagues, "All facilitators", key="calendar_facilitator"
        )
    with next(columns):
        room = _choice("Room", in_use, "All rooms", key="calendar_room")
    return Filters(group=group, facilitator=facilitator, room=room)


def _choice(label: str, options: dict[str, str], everything: str, *, key: str) -> str:
    chosen: str | None = st.selectbox(
        label,
        list(options),
        index=None,
        placeholder=everything,
        format_func=options.__getitem__,
        key=key,
        bind="query-params",
    )
    return chosen or ""
