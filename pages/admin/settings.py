"""The organisation's name, logo and house rules, and the lists it keeps for itself."""

import streamlit as st

from services import organisation
from services.db import reading
from services.errors import AppError
from services.permissions import Permission
from ui import startup
from ui.auth import require
from ui.components.settings.agreements_section import agreements_section
from ui.components.settings.house_rules import house_rules
from ui.components.settings.interventions_section import interventions_section
from ui.components.settings.pipeline_rules import pipeline_rules
from ui.components.settings.recheck_section import recheck_section
from ui.components.settings.support_rhythm import support_rhythm_section
from ui.messages import show_error

actor = require(Permission.MANAGE_SETTINGS)

st.title("Settings")

with reading() as db:
    house = organisation.to_edit(db, actor)

house_rules(actor, house)

# --- The lists it keeps for itself -------------------------------------------------------
interventions_section(actor)

# --- Survivor volunteers: the way in, their checks, their support -------------------------
st.header("Survivor volunteers", anchor=False)
pipeline_rules(actor)
recheck_section(actor, house)
support_rhythm_section(actor)

# --- Rows for research --------------------------------------------------------------------
st.header("Research", anchor=False)
agreements_section(actor)

# --- Leaving the demonstration -----------------------------------------------------------
if house.is_demonstration:
    st.header("Clear the demonstration")
    st.write("Removes everybody in it and begins again with an empty programme.")
    sure = st.checkbox("Yes, remove the whole demonstration")
    if st.button("Clear it", disabled=not sure):
        try:
            with st.spinner("Clearing."):
                startup.clear_demonstration(actor)
        except AppError as error:
            show_error(error)
        else:
            st.rerun()
