"""The part of the settings about the way into volunteering."""

from functools import partial

import streamlit as st

from models import Stage
from services.db import reading
from services.permissions import Actor
from services.volunteers.pipeline import rules
from services.volunteers.pipeline.rules import STAGE_DAYS, Rules
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, keep, number_field, saving, seen
from ui.components.volunteer.words import STAGES


def pipeline_rules(actor: Actor) -> None:
    """Folded away: it is set once and seldom again."""
    label = "The way into volunteering, and the public form"
    folded(label, partial(_form, actor), key="pipeline_rules")


def _form(actor: Actor) -> None:
    """How long each stage should take, when somebody is ready, and the public form."""
    with reading() as db:
        now = rules.to_edit(db, actor)
    room: Room = {}
    with st.form(fresh("pipeline_rules"), border=False):
        st.write("How many days each stage is expected to take. Beyond it, a volunteer is overdue.")
        days: dict[Stage, int] = {}
        columns = st.columns(4)
        for number, stage in enumerate(STAGE_DAYS):
            days[stage] = number_field(
                columns[number % len(columns)], room, stage.value, STAGES[stage.value],
                stage.value, value=now.stage_days[stage], key="days",
            )  # fmt: skip
        label = "Months from the end of somebody's own group until she helps in one"
        months = number_field(st, room, "own_group_months", label, value=now.own_group_months)
        is_open = st.checkbox(
            "Take applications to volunteer through the public form, at the address /volunteer",
            value=now.applications_open,
            key=fresh("applications_open"),
        )
        pressed = st.form_submit_button("Save these rules", on_click=keep, args=(now.version,))
    if not pressed:
        return
    changed = Rules(
        stage_days=days, own_group_months=months, applications_open=is_open, version=seen()
    )
    with saving("The rules are saved.", room) as db:
        rules.save(db, actor, changed)
