"""The Update Service on screen: joining with a certificate, and asking for its status."""

import streamlit as st

from services import clock
from services.permissions import Actor
from services.volunteers.vetting import update_service
from services.volunteers.vetting.update_service import Answer
from services.volunteers.vetting.view import DbsView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    keep,
    needed,
    saving,
    seen,
    versions_seen,
)
from ui.components.volunteer.check_words import ANSWERS, day


def forms(actor: Actor, one: VolunteerSummary, found: list[DbsView]) -> None:
    """Ask the status of checks that are with it; join with those that are not."""
    st.caption(
        "Free for volunteers. She joins within 30 days of the certificate's issue; then its "
        "status is asked once a year, with her consent."
    )
    if there := [each for each in found if each.update_service_on is not None]:
        _status(actor, one, there)
    if outside := [each for each in found if each.update_service_on is None]:
        _join(actor, one, outside)


def _status(actor: Actor, one: VolunteerSummary, found: list[DbsView]) -> None:
    room: Room = {}
    own = f"{one.ref}_status"
    with st.form(fresh("dbs_status", one.ref), border=False):
        which = choice(room, "check", "Check", _names(found), own, index=0)
        answer = choice(room, "answer", "What the Update Service says", ANSWERS, own, index=None)
        on = date_field(st, room, "on", "Asked on", own, value=clock.today())
        label = "Note the status"
        pressed = st.form_submit_button(label, on_click=keep, args=(versions_seen(found),))
    if not pressed:
        return
    with saving("The status is noted.", room) as db:
        ref = needed(which, "check", "Choose the check.")
        said = Answer(needed(answer, "answer", "Choose what it says."))
        update_service.note_status(db, actor, ref, said, on=on, version=seen()[ref])


def _join(actor: Actor, one: VolunteerSummary, found: list[DbsView]) -> None:
    room: Room = {}
    own = f"{one.ref}_join"
    with st.form(fresh("dbs_join", one.ref), border=False):
        which = choice(room, "check", "Check she joins with", _names(found), own, index=0)
        on = date_field(st, room, "on", "Joined on", own, value=clock.today())
        label = "Note that she has joined"
        pressed = st.form_submit_button(label, on_click=keep, args=(versions_seen(found),))
    if not pressed:
        return
    with saving("It is noted. Its status is due to be asked a year from its issue.", room) as db:
        ref = needed(which, "check", "Choose the check.")
        update_service.join(db, actor, ref, on=on, version=seen()[ref])


def _names(found: list[DbsView]) -> dict[str, str]:
    return {each.ref: f"Issued {day(each.issued_on)}" for each in found}
