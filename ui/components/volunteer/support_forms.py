"""The forms that name a volunteer's supervisor, and that keep meetings and check-ins."""

import pandas as pd
import streamlit as st

from models import SupervisionKind
from services import clock
from services.db import reading
from services.permissions import Actor
from services.volunteers.support import recording, supervisors
from services.volunteers.support.recording import CheckInDraft, MeetingDraft
from services.volunteers.support.supervisors import SupportView
from services.volunteers.volunteers import VolunteerSummary
from ui.components import words
from ui.components.form_fields import (
    Room,
    area,
    choice,
    date_field,
    first_seen,
    fresh,
    needed,
    saving,
)
from ui.components.volunteer.support_words import HEAVINESS, MEETINGS

_NONE = "none"


def name_supervisor(actor: Actor, one: VolunteerSummary, support: SupportView) -> None:
    """A colleague, never herself; and which account is hers, if she has one."""
    with reading() as db:
        able, own = supervisors.choices(db, actor), supervisors.accounts(db, actor)
    room: Room = {}
    key = fresh("supervisor", one.ref)
    version = first_seen(fresh("supervisor_seen", one.ref), support.version, drawn=key)
    with st.form(fresh("supervisor_form", one.ref), border=False):
        chosen = choice(
            room, "supervisor", "Supervisor", able, one.ref,
            index=_index(able, support.supervisor_ref),
        )  # fmt: skip
        hers = {_NONE: "She has no account", **own}
        account = choice(
            room, "own_account", "Her own account here, if she has one", hers, one.ref,
            index=_index(hers, support.own_account_ref or _NONE),
        )  # fmt: skip
        pressed = st.form_submit_button("Save", type="primary")
    if not pressed:
        return
    with saving("Her supervisor is named.", room) as db:
        supervisors.name(
            db,
            actor,
            one.ref,
            supervisor_ref=needed(chosen, "supervisor", "Choose who supervises her."),
            own_account_ref=None if account == _NONE else account,
            version=version,
        )


def add_check_in(actor: Actor, ref: str) -> None:
    """How heavy it feels, and her own words if she likes."""
    room: Room = {}
    with st.form(fresh("check_in", ref), border=False):
        heavy = st.segmented_control(
            "How heavy does this feel?",
            list(HEAVINESS),
            format_func=HEAVINESS.__getitem__,
            key=fresh("heaviness", ref),
        )
        room["heaviness"] = st.empty()
        said = area(room, "words", "In her own words, if she likes", ref)
        on = date_field(st, room, "on", "On", ref, key="asked_on", value=clock.today())
        st.caption("Only her supervisor reads this, and who stands in while she is away.")
        pressed = st.form_submit_button("Keep the check-in", type="primary")
    if not pressed:
        return
    with saving("The check-in is kept.", room) as db:
        draft = CheckInDraft(on=on, heaviness=heavy or 0, words=said)
        recording.check_in(db, actor, ref, draft)


def add_meeting(actor: Actor, ref: str) -> None:
    """One to one, a reflective group or the review, with a note."""
    room: Room = {}
    with st.form(fresh("meeting", ref), border=False):
        kind = choice(room, "kind", "What it was", MEETINGS, ref, index=0)
        held_on = date_field(st, room, "held_on", "On", ref, value=clock.today())
        note = area(room, "note", "Note, if any", ref)
        st.caption("Only her supervisor reads this, and who stands in while she is away.")
        pressed = st.form_submit_button("Keep the meeting", type="primary")
    if not pressed:
        return
    with saving("The meeting is kept.", room) as db:
        what = SupervisionKind(needed(kind, "kind", "Choose what it was."))
        draft = MeetingDraft(held_on=held_on, kind=what, note=note)
        recording.record_meeting(db, actor, ref, draft)


def remove_meeting(actor: Actor, ref: str, met: pd.DataFrame) -> None:
    """One that was kept by mistake."""
    names = {
        ref: f"{MEETINGS[kind]}, {words.day(on)}"
        for ref, kind, on in zip(met["ref"], met["kind"], met["on"], strict=True)
    }
    room: Room = {}
    with st.form(fresh("take_back", ref), border=False):
        chosen = choice(room, "gone", "Kept by mistake", names, ref, index=None)
        pressed = st.form_submit_button("Take it back")
    if not pressed:
        return
    with saving("The meeting is taken back. What is due is reckoned without it.", room) as db:
        meeting = needed(chosen, "gone", "Choose the meeting to take back.")
        recording.remove_meeting(db, actor, meeting)


def _index(options: dict[str, str], ref: str | None) -> int | None:
    return list(options).index(ref) if ref in options else None
