"""A volunteer's checks: what is still needed, and everything recorded, kind by kind."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.vetting import view
from services.volunteers.volunteers import VolunteerSummary
from ui.components.volunteer import check_dbs, check_referees, check_rights, check_talks


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """What she needs first, then references, DBS checks, right to volunteer and conversations."""
    with reading() as db:
        found = view.checks_of(db, actor, one.ref)
    if found.needed:
        st.info("  \n".join(found.needed), icon=":material/checklist:")
    else:
        st.success("References, right to volunteer and DBS check are there and in date.")
    check_referees.section(actor, one, found.referees)
    check_dbs.section(actor, one, found.dbs)
    check_rights.section(actor, one, found.rights)
    check_talks.section(actor, one, found.talks)
