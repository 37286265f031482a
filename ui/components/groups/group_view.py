"""One group on screen: what it is, its sessions, the volunteers placed with it."""

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.groups import group_overview
from services.groups.group_overview import GroupOverview
from services.groups.groups import GroupSummary
from services.permissions import Actor, Permission
from services.places import places
from ui.components import words
from ui.components.choose import back_to_list, choose_row, show_rows, time_column
from ui.components.groups.pairs.words import SHORT
from ui.components.groups.where_it_meets import say_where
from ui.components.side_by_side import side_by_side
from ui.components.volunteer.words import ROLES
from ui.components.words import literal
from ui.navigation import file_of


def read_group(actor: Actor, ref: str) -> GroupOverview:
    """The group as it is once offers nobody answered have passed on."""
    with reading() as db:
        found = group_overview.read(db, actor, ref)
    if found.people is None or not found.people.has_lapsed_offers:
        return found
    with transaction() as db:
        places.pass_on_lapsed(db, ref)
        return group_overview.read(db, actor, ref)


def group_heading(group: GroupSummary) -> None:
    """Name, programme, who runs it, and how full it is."""
    back_to_list("All groups")
    st.title(literal(group.code_name), anchor=False)
    st.caption(
        f"{group.programme_title} · {words.label(group.state)} · "
        f"facilitated by {literal(', '.join(group.facilitators))}"
    )
    needed = group.to_complete
    full = {"People": f"{group.seated} of {group.capacity}", "Waiting": f"{group.waiting:,}"}
    side_by_side(full | ({"To complete": words.to_complete(needed)} if needed is not None else {}))
    say_where(group)


def group_sessions(actor: Actor, group: GroupSummary, sessions: pd.DataFrame) -> None:
    """The sessions in order; a facilitator opens a register by choosing one."""
    st.header("Sessions", anchor=False)
    takes_register = actor.may(Permission.TAKE_REGISTER)
    if takes_register:
        st.caption("Choose a session to open its register.")
    frame = sessions.assign(
        starts=[starts.replace(tzinfo=None) for starts in sessions["starts"]],
        state=[words.label(state) for state in sessions["state"]],
        shape=[SHORT.get(shape, "") for shape in sessions["shape"]],
    )
    columns = {
        "number": "Session",
        "starts": time_column("When"),
        # Beside the day, so that a phone shows what is not as planned.
        "state": "State",
        "topic": "Topic",
    }
    more = {
        "covered": st.column_config.TextColumn("Covered", width=100),
        "finished": st.column_config.CheckboxColumn("Register finished"),
        "shape": "Parents and children",
        "room": "Room",
        "reason": "Why cancelled",
    }
    columns |= {name: heading for name, heading in more.items() if frame[name].any()}
    alt = f"Sessions of {group.code_name}"
    if not takes_register:
        show_rows(frame, columns, alt=alt)
        return
    chosen = choose_row(frame, columns, key=f"sessions_{group.ref}", alt=alt)
    if chosen is not None:
        st.switch_page(file_of("register"), query_params={"session": chosen["ref"]})


def placed_volunteers(frame: pd.DataFrame) -> None:
    """The volunteers with this group, by first name."""
    if not frame.empty:
        st.header("Survivor volunteers", anchor=False)
        shown = frame.assign(role=[ROLES[role] for role in frame["role"]])
        columns = {"first_name": "First name", "role": "Role"}
        show_rows(shown, columns, alt="Survivor volunteers with this group")
