"""On a person's page: the calls she is owed after a session she missed, and noting what came of it.

The number is shown further down, as for any other contact, and nowhere else.
"""

from functools import partial

import streamlit as st

from services.db import reading, transaction
from services.permissions import Actor, Permission
from services.registers.welfare import carers, listing, recording
from services.registers.welfare.listing import Call
from services.safe_contact.attempts import AttemptDraft
from ui.components import words
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    area,
    first_seen,
    fresh,
    keep,
    saving,
    seen,
)
from ui.components.person.contact_log import attempt_form
from ui.components.register.welfare_calls import tried
from ui.components.words import literal


def owed_calls(actor: Actor, person_ref: str) -> None:
    """Nothing at all while she is owed none."""
    with reading() as db:
        calls = listing.of_person(db, actor, person_ref)
    for call in calls:
        with st.container(border=True):
            _call(actor, call, person_ref)


def _call(actor: Actor, call: Call, person_ref: str) -> None:
    due = "A call was owed the same day." if call.is_overdue else "A call is owed today."
    st.markdown(
        f":material/call: {_about(call, person_ref)} did not come to {literal(call.group)} on "
        f"{words.day(call.missed_on)} and sent no word. {due}"
    )
    st.caption(tried(call))
    folded(
        "Note what came of the call",
        partial(_note, actor, call),
        key=f"call_note_{call.ref}",
        icon=":material/add_call:",
    )
    if actor.may(Permission.EDIT_PEOPLE):
        folded(
            "Nobody can reach her: decide what happens instead",
            partial(_settle, actor, call),
            key=f"call_settle_{call.ref}",
            icon=":material/fork_right:",
        )


def _about(call: Call, person_ref: str) -> str:
    if call.person_ref != person_ref:
        return f"**A call about {literal(call.name)} goes to her.** {literal(call.name)}"
    if call.carer:
        carer = literal(call.carer)
        return f"**A call is owed, and goes to {carer}, who cares for her.** She"
    if call.contact_ref is None:
        return f"**A call is owed.** {carers.NOBODY} She"
    return "**She is owed a call.** She"


def _note(actor: Actor, call: Call) -> None:
    version = first_seen(fresh("call_seen", call.ref), call.version, drawn=fresh("route", call.ref))
    attempt_form(call.person_ref, call.ref, partial(_record, actor, call.ref, version))


def _record(actor: Actor, call_ref: str, version: int, draft: AttemptDraft) -> bool:
    with transaction() as db:
        return recording.record(db, actor, call_ref, draft, version=version)


def _settle(actor: Actor, call: Call) -> None:
    room: Room = {}
    with st.form(fresh("settle", call.ref), border=False):
        decision = area(room, "decision", "What happens instead", call.ref)
        pressed = st.form_submit_button("Close the call", on_click=keep, args=(call.version,))
    if not pressed:
        return
    with saving("The call is closed, with what happens instead.", room) as db:
        recording.settle(db, actor, call.ref, decision, version=seen())
