"""One group on screen: what it is, its sessions, the volunteers placed with it."""

import pandas as pd
import streamlit as st

from models import GroupState
from services import groups, placements
from services.db import reading, transaction
from services.errors import AppError
from services.groups import GroupSummary
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import back_to_list, choose_row, show_rows, time_column
from ui.components.form_fields import keep, seen
from ui.components.pairs.words import SHORT
from ui.components.volunteer.words import ROLES
from ui.components.words import literal
from ui.messages import flash, show_error
from ui.navigation import file_of


def group_heading(group: GroupSummary) -> None:
    """Name, programme, who runs it, and how full it is."""
    back_to_list("All groups")
    st.title(literal(group.code_name), anchor=False)
    st.caption(
        f"{group.programme_title} · {words.label(group.state)} · "
        f"facilitated by {literal(', '.join(group.facilitators))}"
    )
    people, waiting, rule = st.columns(3)
    people.metric("People", f"{group.seated} of {group.capacity}")
    waiting.metric("Waiting", group.waiting)
    rule.metric("To complete", f"{group.sessions_to_complete} of {group.sessions_offered}")
    if group.venue:
        st.text(f"Venue, for staff only: {group.venue}")


def group_sessions(actor: Actor, group: GroupSummary, sessions: pd.DataFrame) -> None:
    """The sessions in order; a facilitator opens a register by choosing one."""
    st.header("Sessions", anchor=False)
    takes_register = actor.may(Permission.TAKE_REGISTER)
    if takes_register:
        st.caption("Choose a session to open its register.")
    frame = sessions.assign(
        starts=pd.to_datetime(sessions["starts"]).dt.tz_localize(None),
        state=sessions["state"].map(words.label),
        shape=sessions["shape"].map(SHORT).fillna(""),
    )
    columns = {
        "number": "Session",
        "starts": time_column("When"),
        "topic": "Topic",
        "covered": "Covered",
        "state": "State",
        "finished": st.column_config.CheckboxColumn("Register finished"),
    }
    more = {"shape": "Parents and children", "room": "Room", "reason": "Why cancelled"}
    columns |= {name: heading for name, heading in more.items() if frame[name].any()}
    alt = f"Sessions of {group.code_name}"
    if not takes_register:
        show_rows(frame, columns, alt=alt)
        return
    chosen = choose_row(frame, columns, key=f"sessions_{group.ref}", alt=alt)
    if chosen is not None:
        st.switch_page(file_of("register"), query_params={"session": chosen["ref"]})


def placed_volunteers(actor: Actor, group_ref: str) -> None:
    """The volunteers with this group, by first name."""
    with reading() as db:
        frame = placements.in_group(db, actor, group_ref)
    if not frame.empty:
        st.header("Survivor volunteers", anchor=False)
        shown = frame.assign(role=frame["role"].map(ROLES))
        columns = {"first_name": "First name", "role": "Role"}
        show_rows(shown, columns, alt="Survivor volunteers with this group")


def change_state(actor: Actor, group: GroupSummary) -> None:
    """Move the group on in its life."""
    with st.expander("Change the group's state"), st.form(f"state_{group.ref}"):
        states = [state.value for state in GroupState]
        state = st.selectbox(
            "State", states, index=states.index(group.state), format_func=words.label
        )
        pressed = st.form_submit_button("Change", on_click=keep, args=(group.version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            groups.change_state(db, actor, group.ref, GroupState(state), version=seen())
    except AppError as error:
        show_error(error)
    else:
        flash(f"{literal(group.code_name)}: {words.label(state)}.")
        st.rerun()
