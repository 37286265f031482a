"""Asking a volunteer for a session: who could, in order, with the reason why."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import PlacementRole
from services.db import reading
from services.permissions import Actor
from services.volunteers.rota import shifts
from services.volunteers.rota.listing import SessionCover
from services.volunteers.rota.substitutes import substitutes
from ui.components.form_fields import Room, choice, fresh, needed, saving
from ui.components.placing.weighing import explain_placing, reason_despite
from ui.components.presses import submit
from ui.components.volunteer.words import ROLES
from ui.components.words import listed


def ask_volunteer(actor: Actor, one: SessionCover) -> None:
    """For a role that is open: the likeliest first."""
    st.header("Ask somebody", anchor=False)
    roles = [role for role, _count in one.missing]
    role = st.segmented_control(
        "For",
        roles,
        default=roles[0],
        required=True,
        format_func=ROLES.__getitem__,
        key=f"rota_role_{one.ref}_{'_'.join(roles)}",
    )
    chosen_role = PlacementRole(role or roles[0])
    with reading() as db:
        found = substitutes(db, actor, one.ref, chosen_role)
    if found.empty:
        st.info(
            "Nobody active can take this on within the rules. Change what the group needs, ask "
            "somebody about her hours, or fill the term to see which rules stand in the way."
        )
        return
    _ask(actor, one, chosen_role, options(found))


def options(found: pd.DataFrame) -> dict[str, str]:
    """Each substitute with why she stands where she does: reference to words."""
    return {row["volunteer"]: f"{row['name']}: {_why(row)}" for row in found.to_dict("records")}


def _ask(actor: Actor, one: SessionCover, role: PlacementRole, names: dict[str, str]) -> None:
    ref = f"{one.ref}_{role.value}"
    room: Room = {}
    with st.form(fresh("ask", ref), border=False):
        who = choice(room, "volunteer", "Volunteer, the likeliest first", names, ref, index=None)
        despite = reason_despite(room, ref)
        pressed = submit("Ask her", key=fresh("ask_asked", ref), type="primary")
    if not pressed:
        return
    with saving(
        "She stands in the rota as asked. Record her answer here.",
        room,
        refused=partial(explain_placing, ref=ref),
    ) as db:
        chosen = needed(who, "volunteer", "Choose whom to ask.")
        shifts.offer(db, actor, one.ref, chosen, role, despite=despite)


def _why(row: Mapping[Any, Any]) -> str:
    load = row["load"]
    parts = [
        "knows the group" if row["knows_group"] else "",
        f"speaks {listed(row['speaks'])}, as somebody here does" if row["speaks"] else "",
        "wishes for this role" if row["wishes_it"] else "",
        "new" if row["is_new"] else "",
        "no other session in these weeks" if not load else f"{load} other sessions in these weeks",
        "to be weighed first" if row["weigh"] else "",
    ]
    return ", ".join(part for part in parts if part)
