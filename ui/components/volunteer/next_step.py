"""What comes next for one volunteer: what was agreed, by when, and who looks after her."""

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers import stages
from services.volunteers.pipeline import steps
from services.volunteers.pipeline.steps import MAX_STEP, NextStepDraft
from services.volunteers.volunteers import VolunteerSummary
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    done,
    explain,
    fresh,
    keep,
    line,
    saving,
    seen,
)
from ui.components.volunteer.words import STAGES


def agree_next_step(actor: Actor, one: VolunteerSummary) -> None:
    """The form for her next step; once it is done, moving her along clears it."""
    with reading() as db:
        owners = steps.owners(db, actor)
    index = list(owners).index(one.owner_ref) if one.owner_ref in owners else None
    room: Room = {}
    with st.form(fresh("next_step", one.ref), border=False):
        step = line(
            st, room, "step", "Next step, as agreed with her", one.ref,
            value=one.next_step or "", max_chars=MAX_STEP,
        )  # fmt: skip
        by = date_field(
            st, room, "by", "By when, if there is a day", one.ref, value=one.next_step_by
        )
        owner = choice(room, "owner", "Looked after by", owners, one.ref, index=index)
        pressed = st.form_submit_button("Save", on_click=keep, args=(one.version,))
    if not pressed:
        return
    draft = NextStepDraft(step=step, by=by, owner_ref=owner)
    with saving("The next step is kept.", room) as db:
        steps.agree(db, actor, one.ref, draft, version=seen())


def come_back(actor: Actor, one: VolunteerSummary) -> None:
    """For somebody who has stepped back: to where she was, as if nothing had been."""
    st.button(
        "She is coming back to where she was",
        icon=":material/undo:",
        key=fresh("come_back", one.ref),
        on_click=keep,
        args=(one.version,),
    )
    if not st.session_state[fresh("come_back", one.ref)]:
        return
    try:
        with transaction() as db:
            stage = stages.come_back(db, actor, one.ref, version=seen())
    except AppError as error:
        explain(error, {})
    else:
        done(f"She is in the stage “{STAGES[stage.value]}” again.")
        st.rerun()
