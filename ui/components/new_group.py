"""The form that makes a group from a programme, with its dates shown before it is made."""

from datetime import date, time, timedelta

import streamlit as st

from services import clock, organisation
from services.accounts import accounts
from services.db import reading
from services.errors import AppError, InvalidInputError
from services.groups import groups, new_groups, rooms
from services.groups.new_groups import GroupDraft
from services.permissions import Actor
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import REGIONS
from ui.components.form_fields import Room, explain
from ui.components.pairs import making
from ui.components.pairs.making import Draft
from ui.components.schedule_clashes import show_clashes
from ui.messages import flash
from ui.navigation import file_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
    programme = st.selectbox(
        "Programme",
        list(offered),
        format_func=lambda key: offered[key].title,
        key="new_group_programme",
    )
    chosen = offered[programme]
    st.caption(f"{chosen.summary} {chosen.sessions} sessions of {chosen.minutes} minutes.")
    code_name = st.text_input(
        "Code name, safe to say aloud", max_chars=new_groups.MAX_CODE_NAME, key="new_group_name"
    )
    room["code_name"] = st.empty()
    left, middle, right = st.columns(3)
    first = left.date_input(
        "First day",
        value=clock.today() + timedelta(days=14),
        format="DD/MM/YYYY",
        key="new_group_first",
    )
    start = middle.time_input("Starts at", value=time(10), step=900, key="new_group_start")
    capacity = right.number_input(
        "Places",
        min_value=1,
        max_value=groups.MAX_CAPACITY,
        value=chosen.capacity,
        key=f"new_group_capacity_{programme}",
    )
    room["first_day"], room["capacity"] = left.empty(), right.empty()
    days = st.pills(
        "Weekdays",
        range(7),
        format_func=lambda day: WEEKDAYS[day],
        selection_mode="multi",
        default=[clock.today().weekday() % 5],
        key="new_group_weekdays",
    )
    room["weekdays"] = st.empty()
    who = st.multiselect(
        "Facilitators; the first one leads",
        list(facilitators),
        format_func=facilitators.__getitem__,
        key="new_group_facilitators",
    )
    room["facilitators"] = st.empty()
    with st.expander("Breaks, bank holidays, room and venue"):
        regions = list(REGIONS)
        region = st.selectbox(
            "Bank holidays of", regions, index=regions.index(usual), key="new_group_region"
        )
        every = st.selectbox(
            "How often", (1, 2), format_func=("", "Every week", "Every two weeks").__getitem__,
            key="new_group_interval",
        )  # fmt: skip
        last, back = st.columns(2)
        away = last.date_input(
            "A break from", value=None, format="DD/MM/YYYY", key="new_group_from"
        )
        until = back.date_input("until", value=None, format="DD/MM/YYYY", key="new_group_until")
        place = st.selectbox(
            "Room",
            list(places),
            index=None,
            format_func=places.__getitem__,
            placeholder="No room yet",
            key="new_group_room",
        )
        room["room"] = st.empty()
        venue = st.text_input("Venue (kept encrypted, shown to staff only)", key="new_group_venue")
    draft = GroupDraft(
        programme=programme,
        code_name=code_name,
        first_day=first,
        weekdays=list(days),
        start=start,
        capacity=int(capacity),
        facilitator_refs=who,
        skip=_breaks(away, until),
        interval_weeks=every,
        region=region,
        venue=venue,
        room_ref=place,
    )
    return draft, chosen


def _breaks(first: date | None, last: date | None) -> list[tuple[date, date]]:
    """The break as whole days; one end alone is a break of a day."""
    days = [day for day in (first, last) if day is not None]
    return [(days[0], days[-1])] if days else []
