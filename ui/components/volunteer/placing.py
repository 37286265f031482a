"""The forms that place a volunteer with a group and end a placement."""

from functools import partial

import pandas as pd
import streamlit as st

from models import PlacementRole, Stage
from services import clock
from services.db import reading
from services.groups import groups
from services.permissions import Actor
from services.placing import placements
from services.placing.eligibility import ROLES_IN_STAGE
from services.placing.placements import PlacementDraft
from services.volunteers.volunteers import VolunteerSummary
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    keep,
    needed,
    saving,
    seen,
)
from ui.components.placing.weighing import explain_placing, reason_despite
from ui.components.volunteer.words import ROLES


def place_volunteer(actor: Actor, one: VolunteerSummary, placed: pd.DataFrame) -> None:
    """With an open group, in a role her stage allows."""
    allowed = ROLES_IN_STAGE.get(Stage(one.stage), ())
    if not allowed:
        st.caption("She can be placed with a group while she is shadowing or active.")
        return
    folded(
        "Place her with a group",
        partial(_place, actor, one),
        key=fresh("placing", one.ref),
        expanded=not placed["ends"].isna().any(),
    )


def _place(actor: Actor, one: VolunteerSummary) -> None:
    allowed = ROLES_IN_STAGE[Stage(one.stage)]
    with reading() as db:
        open_groups = groups.choices(db, actor)
    if not open_groups:
        st.info("There is no open group to place her with. Make one under Groups first.")
        return
    # Every role is offered always: a list that changed between two runs would change her choice.
    likely = list(ROLES).index(allowed[0].value) if len(allowed) == 1 else None
    room: Room = {}
    with st.form(fresh("place", one.ref), border=False):
        group = choice(room, "group", "Group", open_groups, one.ref, index=None)
        role = choice(room, "role", "Role", ROLES, one.ref, index=likely)
        starts_on = date_field(st, room, "starts_on", "First day", one.ref, value=clock.today())
        despite = reason_despite(room, one.ref)
        pressed = st.form_submit_button("Place her", type="primary")
    if not pressed:
        return
    with saving(
        "She is placed. The group's facilitators see her first name and her role.",
        room,
        refused=partial(explain_placing, ref=one.ref),
    ) as db:
        draft = PlacementDraft(
            volunteer_ref=one.ref,
            group_ref=needed(group, "group", "Choose the group to place her with."),
            role=PlacementRole(needed(role, "role", "Choose what she will do there.")),
            starts_on=starts_on,
            despite=despite,
        )
        placements.place(db, actor, draft)


def end_placement(actor: Actor, one: VolunteerSummary, placed: pd.DataFrame) -> None:
    """Her last day with a group; offered only while she is placed with one."""
    current = placed[placed["ends"].isna()]
    if not current.empty:
        folded(
            "End a placement",
            partial(_end, actor, one, current),
            key=fresh("ending", one.ref),
            expanded=not current["fits"].all(),
        )


def _end(actor: Actor, one: VolunteerSummary, current: pd.DataFrame) -> None:
    names = dict(zip(current["placement"], current["group"], strict=True))
    versions = dict(zip(current["placement"], current["version"].map(int), strict=True))
    room: Room = {}
    with st.form(fresh("end", one.ref), border=False):
        # None chosen beforehand: one that has ended meanwhile must not turn into another.
        chosen = choice(room, "placement", "Placement with", names, one.ref, index=None)
        ends_on = date_field(st, room, "ends_on", "Last day", one.ref, value=clock.today())
        pressed = st.form_submit_button("End the placement", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving(
        "The placement has ended. It stays in the list as part of her time with us.", room
    ) as db:
        placement = needed(chosen, "placement", "Choose the placement to end.")
        placements.end(db, actor, placement, on=ends_on, version=seen()[placement])
