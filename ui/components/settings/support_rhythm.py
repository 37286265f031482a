"""The part of the settings about how often volunteers' support is due."""

from dataclasses import asdict

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.support import settings
from services.volunteers.support.rhythm import Rhythm
from ui.components.folded import folded
from ui.components.form_fields import Room, first_seen, fresh, number_field, saving

LABELS = {
    "first_weeks": "Weeks between supervision at first",
    "first_months": "For this many months after she becomes active",
    "then_months": "Months between supervision after that",
    "reflective_weeks": "Weeks between reflective groups",
    "first_review_months": "Months until the first review",
    "review_months": "Months between reviews after that",
    "after_start_days": "Days until a check-in after she begins with a group",
    "after_hard_days": "Days until a check-in after a session in which she heard something hard",
    "red_after_days": "Days after which what is due counts as overdue and stops new placements",
}


def support_rhythm_section(actor: Actor) -> None:
    """Folded away: it is set once and seldom again."""
    folded("How often support is due", lambda: _form(actor), key="support_rhythm")


def _form(actor: Actor) -> None:
    with reading() as db:
        rhythm, now = settings.to_edit(db, actor)
    room: Room = {}
    version = first_seen(fresh("rhythm_seen"), now, drawn=fresh("first_weeks"))
    values: dict[str, int] = {}
    with st.form(fresh("rhythm"), border=False):
        for field, value in asdict(rhythm).items():
            values[field] = number_field(st, room, field, LABELS[field], value=value)
        pressed = st.form_submit_button("Save the rhythm", type="primary")
    if not pressed:
        return
    with saving("The rhythm is saved. What is due is reckoned anew.", room) as db:
        settings.save(db, actor, Rhythm(**values), version=version)
