"""The form that makes a group from a programme, with its dates shown before it is made."""

from typing import Any

import streamlit as st

from services import organisation
from services.accounts import accounts
from services.db import reading
from services.errors import AppError, InvalidInputError
from services.groups import rooms
from services.groups.group_draft import GroupDraft
from services.groups.where_it_meets import MAX_CODE_NAME
from services.permissions import Actor
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from ui.components.form_fields import Room, explain
from ui.components.groups.new_group_dates import dates_fields
from ui.components.groups.pairs import making
from ui.components.groups.pairs.making import Draft
from ui.components.groups.schedule_clashes import show_clashes
from ui.components.groups.where_it_meets import where_fields
from ui.messages import flash
from ui.navigation import file_of

_ASKED = "new_group_reason_asked"


def new_group(actor: Actor) -> None:
    """Fill in, look at the dates, make the group; then open it."""
    with reading() as db:
        facilitators = accounts.facilitators(db, actor)
        places = rooms.choices(db, actor)
    if not facilitators:
        st.info("A group needs a facilitator. Ask your administrator to add an account for one.")
        return
    room: Room = {}
    alone, chosen = _fields(facilitators, places, room)
    draft = making.with_children(alone, chosen, facilitators, places, room)
    if st.session_state.get(_ASKED):
        draft = _with_reason(actor, draft, room)
    look, make = st.columns(2)
    wants_look = look.button("Show the dates", width="stretch", key="new_group_look")
    wants_made = make.button(
        "Make the group", type="primary", width="stretch", key="new_group_make"
    )
    try:
        if wants_look:
            making.show_dates(draft)
            show_clashes(making.clashing(actor, draft))
        if not wants_made:
            return
        ref, ready = making.create(actor, draft)
    except AppError as error:
        _explain(error, room)
    else:
        st.session_state.pop(_ASKED, None)
        flash(f"{ready} Give people their places next.")
        st.switch_page(file_of("groups"), query_params={"group": ref})


def _explain(error: AppError, room: Room) -> None:
    """Each fault at its field; where a reason is needed, its field is there from now on."""
    asks = isinstance(error, InvalidInputError) and "despite" in error.problems
    if asks and "despite" not in room:
        st.session_state[_ASKED] = True
        st.rerun()
    explain(error, room)


def _with_reason(actor: Actor, draft: Draft, room: Room) -> Draft:
    """The draft with the reason why it is right all the same, and what it clashes with."""
    try:
        show_clashes(making.clashing(actor, draft))
    except AppError:
        return draft  # what is wrong with it is said once she makes the group
    despite = st.text_input(
        "Why it is right all the same (kept encrypted)", key="new_group_despite"
    )
    room["despite"] = st.empty()
    return making.with_reason(draft, despite)


def _fields(
    facilitators: dict[str, str], places: dict[str, str], room: Room
) -> tuple[GroupDraft, ProgrammeTemplate]:
    with reading() as db:
        offered, usual = programmes.offered(db), organisation.region(db)
    chosen = _programme(offered)
    draft = GroupDraft(
        programme=chosen.key,
        **_name_and_size(chosen, room),
        **dates_fields(chosen, usual, room),
        **_who(facilitators, room),
        **_where(places, room),
    )
    return draft, chosen


def _programme(offered: dict[str, ProgrammeTemplate]) -> ProgrammeTemplate:
    chosen = offered[
        st.selectbox(
            "Programme",
            list(offered),
            format_func=lambda key: offered[key].title,
            key="new_group_programme",
        )
    ]
    st.caption(f"{chosen.summary} {chosen.sessions} sessions of {chosen.minutes} minutes.")
    return chosen


def _name_and_size(chosen: ProgrammeTemplate, room: Room) -> dict[str, Any]:
    left, right = st.columns([2, 1])
    code_name = left.text_input(
        "Code name, safe to say aloud", max_chars=MAX_CODE_NAME, key="new_group_name"
    )
    capacity = right.number_input(
        "Places",
        value=chosen.capacity,
        key=f"new_group_capacity_{chosen.key}",
    )
    room["code_name"], room["capacity"] = left.empty(), right.empty()
    return {"code_name": code_name, "capacity": int(capacity)}


def _who(facilitators: dict[str, str], room: Room) -> dict[str, Any]:
    chosen = st.multiselect(
        "Facilitators; the first one leads",
        list(facilitators),
        format_func=facilitators.__getitem__,
        key="new_group_facilitators",
    )
    room["facilitators"] = st.empty()
    return {"facilitator_refs": chosen}


def _where(places: dict[str, str], room: Room) -> dict[str, Any]:
    with st.expander("Room and venue"):
        place = st.selectbox(
            "Room",
            list(places),
            index=None,
            format_func=places.__getitem__,
            placeholder="No room yet",
            key="new_group_room",
        )
        room["room"] = st.empty()
        where = where_fields(room)
    return {"room_ref": place} | where
