"""The groups she may see, one of them in full, and making a new one."""

from functools import partial

import streamlit as st

from services.db import reading
from services.groups import groups
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.choose import choose_row, date_column, page_buttons, position, start_again
from ui.components.concerns.concern_view import raise_concern_link
from ui.components.folded import folded
from ui.components.groups.group_actions import group_actions
from ui.components.groups.group_figures import group_figures
from ui.components.groups.group_needs import group_needs
from ui.components.groups.group_view import (
    group_heading,
    group_sessions,
    placed_volunteers,
    read_group,
)
from ui.components.groups.new_group import new_group
from ui.components.groups.pairs.other_half import other_half
from ui.components.groups.places_table import places_table
from ui.components.outcomes.attendance.marks import marks_of_group
from ui.components.settings.rooms_list import rooms_list
from ui.navigation import file_of

actor = require(Permission.READ_GROUPS)
group_ref = st.query_params.get("group", "")

# --- The list ----------------------------------------------------------------------------
if not group_ref:
    st.title("Groups")
    only_open = not st.toggle(
        "Show finished groups too", key="groups_all", on_change=start_again, args=("groups",)
    )
    with reading() as db:
        frame = groups.directory(db, actor, only_open=only_open, before=position("groups"))
    if frame.empty and actor.may(Permission.EDIT_GROUPS):
        st.info("No groups yet. Make the first one below.")
    elif frame.empty:
        st.info("You have no groups yet. Once a coordinator gives you one, it appears here.")
    else:
        columns = {
            "code_name": "Group",
            "programme": "Programme",
            "state": "State",
            "starts": date_column("Starts"),
            "seated": "People",
            "capacity": "Places",
            "waiting": "Waiting",
        }
        shown = frame.assign(state=frame["state"].map(words.label))
        chosen = choose_row(shown, columns, key="groups_list", alt="Groups")
        if chosen is not None:
            st.switch_page(file_of("groups"), query_params={"group": chosen["ref"]})
        last = frame.iloc[-1]
        page_buttons(
            "groups",
            page=groups.PAGE,
            shown=len(frame),
            last=(last["starts"], int(last["number"])),
        )
    if actor.may(Permission.EDIT_GROUPS):
        folded("Make a new group", partial(new_group, actor), key="new_group", expanded=frame.empty)
        folded("Rooms", partial(rooms_list, actor), key="rooms")
    st.stop()

# --- One group ---------------------------------------------------------------------------
found = read_group(actor, group_ref)

group_heading(found.group)
other_half(actor, group_ref, found.other_half)
group_needs(found.needs)
group_figures(found.figures, completes=found.group.to_complete is not None)
group_sessions(actor, found.group, found.sessions)
if found.people is not None:
    places_table(found.people)
    marks_of_group(actor, group_ref)
placed_volunteers(found.volunteers)
group_actions(actor, found)
if actor.may(Permission.RAISE_CONCERNS):
    raise_concern_link(group=group_ref)
