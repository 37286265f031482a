"""The part of the settings about how long volunteers' checks count."""

from dataclasses import replace
from functools import partial

import streamlit as st

from services import organisation
from services.db import transaction
from services.errors import AppError
from services.organisation import OrganisationSettings
from services.permissions import Actor
from ui.components.folded import folded
from ui.components.form_fields import Room, done, explain, fresh, keep, seen


def recheck_section(actor: Actor, house: OrganisationSettings) -> None:
    """Folded away: it is set once and seldom again."""
    folded("How long checks count", partial(_form, actor, house), key="recheck")


def _form(actor: Actor, house: OrganisationSettings) -> None:
    """After how many months a DBS check is due again."""
    room: Room = {}
    with st.form(fresh("recheck"), border=False):
        recheck = st.number_input(
            "A DBS check is due again after this many months", 6, 60,
            value=house.recheck_months, key=fresh("recheck_months"),
        )  # fmt: skip
        room["recheck_months"] = st.empty()
        status = st.number_input(
            "With the Update Service, its status is asked again after this many months", 1, 24,
            value=house.status_months, key=fresh("status_months"),
        )  # fmt: skip
        room["status_months"] = st.empty()
        pressed = st.form_submit_button("Save this", on_click=keep, args=(house.version,))
    if not pressed:
        return
    changed = replace(house, recheck_months=int(recheck), status_months=int(status), version=seen())
    try:
        with transaction() as db:
            organisation.save(db, actor, changed)
    except AppError as error:
        explain(error, room)
    else:
        done("The settings are saved.")
        st.rerun()
