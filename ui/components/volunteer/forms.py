"""The forms that add a volunteer and move her along the stages."""

import streamlit as st

from models import Stage
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.places.leaving_reasons import moving_on_reasons
from services.volunteers import stages, volunteers
from services.volunteers.volunteers import VolunteerDraft, VolunteerSummary
from ui.components.form_fields import (
    Room,
    choice,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.volunteer.words import STAGES
from ui.navigation import file_of


def add_volunteer(actor: Actor) -> None:
    """Her name and how to reach her; then her record opens."""
    room: Room = {}
    with st.form(fresh("add"), border=False):
        names, contacts = st.columns(2), st.columns(2)
        fields = {
            "first_name": line(names[0], room, "first_name", "First name"),
            "last_name": line(names[1], room, "last_name", "Last name"),
            "phone": line(contacts[0], room, "phone", "Phone, if it is safe to call"),
            "email": line(contacts[1], room, "email", "Email, if it is safe to write"),
            "note": st.text_area("Note, for coordinators only", key=fresh("note")),
        }
        room["note"] = st.empty()
        pressed = st.form_submit_button("Add her", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            ref = volunteers.add(db, actor, VolunteerDraft(**fields))
    except AppError as error:
        explain(error, room)
    else:
        done("She is here now. The next step stands beneath her name.")
        st.switch_page(file_of("volunteers"), query_params={"volunteer": ref})


def move_volunteer(actor: Actor, one: VolunteerSummary) -> None:
    """To any other stage, forward or back, with a reason if there is one."""
    others = {stage: words for stage, words in STAGES.items() if stage != one.stage}
    # On the way in, the next stage is likely; after that nothing is taken for granted.
    likely = list(STAGES).index(one.stage) if one.days_waiting is not None else None
    room: Room = {}
    with st.form(fresh("move", one.ref)):
        to = choice(room, "stage", "Move to", others, one.ref, index=likely)
        because = choice(
            room, "because", "Only if she moves on: why", dict(moving_on_reasons()), one.ref,
            index=None,
        )  # fmt: skip
        reason = line(st, room, "reason", "Reason, if any, in neutral words", one.ref)
        pressed = st.form_submit_button("Move", type="primary", on_click=keep, args=(one.version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            stage = needed(to, "stage", "Choose the stage to move her to.")
            freed = stages.move(
                db, actor, one.ref, Stage(stage), version=seen(), reason=reason, because=because
            )
    except AppError as error:
        explain(error, room)
    else:
        cover = f" Cover she was to give, open again: {freed} (see Rota)." if freed else ""
        done(f"She is in the stage “{STAGES[stage]}” now.{cover}")
        st.rerun()
