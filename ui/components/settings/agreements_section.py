"""The part of the settings about data agreements, under which rows leave for research."""

from functools import partial

import streamlit as st

from services import clock
from services.db import reading
from services.permissions import Actor
from services.research import agreements
from services.research.agreements import MAX_PARTNER, MAX_PROJECT, AgreementDraft
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import Room, date_field, fresh, line, saving


def agreements_section(actor: Actor) -> None:
    """The agreements there are, and a form for another."""
    folded("Data agreements for research", partial(_section, actor), key="agreements")


def _section(actor: Actor) -> None:
    st.write(
        "An evaluator gets rows under pseudonyms only while an agreement stands, and only of "
        "people who consent to evaluation. Whoever looks after the machine writes them with the "
        "command export-research."
    )
    with reading() as db:
        found = agreements.listed(db, actor)
    if found.empty:
        st.caption("No agreement is recorded yet.")
    else:
        show_rows(
            found,
            {
                "project": "Project",
                "partner": "With",
                "starts_on": date_column("From"),
                "ends_on": date_column("Until"),
                "stands": st.column_config.CheckboxColumn("Stands today"),
            },
            alt="Data agreements",
        )
    _add(actor)


def _add(actor: Actor) -> None:
    room: Room = {}
    with st.form(fresh("agreement"), border=False):
        project = line(
            st, room, "project", "Short name of the project", max_chars=MAX_PROJECT,
            help="Small letters, digits and hyphens: export-research is told it.",
        )  # fmt: skip
        partner = line(st, room, "partner", "With whom it is signed", max_chars=MAX_PARTNER)
        left, right = st.columns(2)
        starts = date_field(left, room, "starts_on", "First day", value=clock.today())
        ends = date_field(right, room, "ends_on", "Last day", value=None)
        pressed = st.form_submit_button("Record the agreement")
    if not pressed:
        return
    draft = AgreementDraft(project=project, partner=partner, starts_on=starts, ends_on=ends)
    with saving("The agreement is recorded.", room) as db:
        agreements.record(db, actor, draft)
