"""The part of the settings about how long volunteers' checks count."""

from dataclasses import replace
from functools import partial

import streamlit as st

from services import organisation
from services.organisation import OrganisationSettings
from services.permissions import Actor
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, keep, number_field, saving, seen


def recheck_section(actor: Actor, house: OrganisationSettings) -> None:
    """Folded away: it is set once and seldom again."""
    folded("How long checks count", partial(_form, actor, house), key="recheck")


def _form(actor: Actor, house: OrganisationSettings) -> None:
    """After how many months a DBS check is due again."""
    room: Room = {}
    with st.form(fresh("recheck"), border=False):
        label = "A DBS check is due again after this many months"
        recheck = number_field(st, room, "recheck_months", label, value=house.recheck_months)
        label = "With the Update Service, its status is asked again after this many months"
        status = number_field(st, room, "status_months", label, value=house.status_months)
        pressed = st.form_submit_button("Save this", on_click=keep, args=(house.version,))
    if not pressed:
        return
    changed = replace(house, recheck_months=recheck, status_months=status, version=seen())
    with saving("The settings are saved.", room) as db:
        organisation.save(db, actor, changed)
