"""Conversations about a volunteer's own record: folded away, for coordinators alone."""

from functools import partial

import streamlit as st

from models import CheckDecision
from services import clock
from services.db import reading
from services.permissions import Actor
from services.volunteers.vetting import disclosures
from services.volunteers.vetting.disclosures import TalkDraft
from services.volunteers.vetting.view import TalkView
from services.volunteers.volunteers import VolunteerSummary
from ui.components import words
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    area,
    choice,
    date_field,
    fresh,
    needed,
    saving,
)
from ui.components.volunteer.check_words import DECISIONS
from ui.components.words import literal


def section(actor: Actor, one: VolunteerSummary, found: tuple[TalkView, ...]) -> None:
    """What was decided and agreed; the words themselves only once they are opened."""
    st.header("What she told us about her record", anchor=False)
    st.caption(
        "Something on a record is a conversation and no automatic no: much of it comes from "
        "having been controlled by somebody. Each look at the words is written in the audit log, "
        "and they are removed after six months; what was decided and agreed stays."
    )
    for talk in found:
        _talk(actor, talk)
    folded("Record a conversation", partial(_record, actor, one), key=f"talk_{one.ref}")


def _talk(actor: Actor, talk: TalkView) -> None:
    st.write(
        f"**{words.day(talk.talked_on)}** · {DECISIONS[talk.decision]} · decided by "
        f"{literal(talk.decided_by or '')}"
    )
    if talk.agreed:
        st.text(f"Agreed: {talk.agreed}")
    if talk.is_kept:
        label = f"Read what was said on {words.day(talk.talked_on)}"
        folded(label, partial(_told, actor, talk.ref), key=f"told_{talk.ref}")


def _told(actor: Actor, ref: str) -> None:
    with reading() as db:
        told = disclosures.told(db, actor, ref)
    st.text(told or "These words have been removed.")


def _record(actor: Actor, one: VolunteerSummary) -> None:
    room: Room = {}
    own = f"{one.ref}_talk"
    with st.form(fresh("talk", one.ref), border=False):
        on = date_field(st, room, "talked_on", "Talked on", own, value=clock.today())
        told = area(room, "told", "What was said, and how you weighed it", own)
        decision = choice(room, "decision", "Decision", DECISIONS, own, index=None)
        agreed = area(room, "agreed", "What was agreed with her, if anything", own)
        pressed = st.form_submit_button("Keep it", type="primary")
    if not pressed:
        return
    with saving("The conversation is kept. Coordinators alone can read it.", room) as db:
        what = CheckDecision(needed(decision, "decision", "Choose what you decide."))
        draft = TalkDraft(talked_on=on, told=told, decision=what, agreed=agreed)
        disclosures.record(db, actor, one.ref, draft)
