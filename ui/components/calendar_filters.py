"""Whose sessions the calendar shows, kept in the address: a select for each thing to choose by."""

import streamlit as st

from services.accounts import accounts
from services.calendar.calendar import Filters
from services.db import reading
from services.groups import groups
from services.permissions import Actor, Permission


def calendar_filters(actor: Actor) -> Filters:
    """What she chose; a facilitator's own groups are few and all hers, so she chooses a group."""
    with reading() as db:
        open_groups = groups.choices(db, actor)
        colleagues = accounts.facilitators(db, actor) if actor.may(Permission.EDIT_GROUPS) else None
    columns = iter(st.columns(2))
    with next(columns):
        group = _choice("Group", open_groups, "All groups", key="calendar_group")
    if colleagues is None:
        return Filters(group=group)
    with next(columns):
        facilitator = _choice(
            "Facilitator", colleagues, "All facilitators", key="calendar_facilitator"
        )
    return Filters(group=group, facilitator=facilitator)


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
