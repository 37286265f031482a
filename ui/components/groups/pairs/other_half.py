"""The other half of a pair on a group's page, and families with a place in one half only."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.groups.pairs import view
from services.groups.pairs.view import OtherGroup
from services.permissions import Actor, Permission
from services.places import places
from ui.components.choose import another_record
from ui.components.folded import folded
from ui.components.form_fields import Room, choice, done, fresh, needed
from ui.components.groups.pairs.words import HALVES
from ui.components.placing.weighing import explain_placing, reasons
from ui.components.words import literal, short_day

_MOST_DAYS = 3


def other_half(actor: Actor, group_ref: str, found: OtherGroup | None) -> None:
    """Which group it is linked with, how full that is, and who of a family is missing here."""
    if found is None:
        return
    missing = None
    if actor.may(Permission.EDIT_PEOPLE):
        with reading() as db:
            missing = view.suggestions(db, actor, group_ref)
    _name(found)
    if found.out_of_step:
        days = ", ".join(short_day(one) for one in found.out_of_step[:_MOST_DAYS])
        more = ", and later" if len(found.out_of_step) > _MOST_DAYS else ""
        st.warning(
            f"The two halves do not meet at the same times: {days}{more}.",
            icon=":material/event_busy:",
        )
    if missing is not None and not missing.empty:
        folded(
            f"Families with a place in the other half only ({len(missing)})",
            partial(_give_place, actor, group_ref, missing),
            key=f"family_{group_ref}",
        )


def _name(found: OtherGroup) -> None:
    said = (
        f"{HALVES[found.side]}: {literal(found.code_name)}, {found.seated} of {found.capacity} "
        "places taken"
    )
    if found.ref is None:
        st.caption(f"{said}. A colleague runs it.")
    else:
        another_record(
            said,
            icon=":material/family_restroom:",
            address="groups",
            query={"group": found.ref},
        )


def _give_place(actor: Actor, group_ref: str, missing: pd.DataFrame) -> None:
    names = {
        row["person_ref"]: f"{row['name']} (family of {row['because']})"
        for row in missing.to_dict("records")
    }
    room: Room = {}
    key = f"{group_ref}_family"
    with st.form(fresh("family", group_ref), border=False):
        chosen = choice(room, "person", "Who", names, key, index=None)
        why = reasons(room, key)
        pressed = st.form_submit_button("Give a place here")
    if not pressed:
        return
    try:
        with transaction() as db:
            person = needed(chosen, "person", "Choose who is to have the place.")
            given = places.enrol(db, actor, group_ref=group_ref, person_ref=person, **why)
    except AppError as error:
        explain_placing(error, room, ref=key)
    else:
        waits = f"is number {given.waiting_position} on the waiting list: the group is full."
        done(f"{literal(names[person])} {waits if given.waiting_position else 'has a place.'}")
        st.rerun()
