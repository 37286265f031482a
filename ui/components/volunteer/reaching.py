"""How one volunteer may be reached now, and what she said of it."""

from typing import Any

import streamlit as st

from models import Route
from services.db import reading
from services.permissions import Actor
from services.safe_contact.wording import ROUTES, day
from services.volunteers.applications import contact
from services.volunteers.applications.contact import MAX_WORDS, ContactDraft, ContactView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.volunteer.applications import what_she_wrote
from ui.components.words import literal

_MAY = {
    "may_call": "A phone call is safe",
    "may_text": "A text message is safe",
    "may_email": "An email is safe",
    "she_contacts_us": "She gets in touch with us herself",
    "may_leave_message": "A message may be left",
}
_WORDS = {
    "times": "Days and times that are safe, or what must be so",
    "name_to_use": "Name to give",
    "code_word": "Word by which we know her",
    "who_else_sees": "Who else may see her phone or email",
}


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Whether she may be reached, the plan she gave, and what she applied with."""
    with reading() as db:
        plan = contact.of_volunteer(db, actor, one.ref)
    along, beside = st.columns(2, gap="large")
    with along:
        _now(one, plan)
        _confirm(actor, one, plan)
        _change(actor, one, plan)
    with beside:
        st.header("What she wrote", anchor=False)
        what_she_wrote(actor, one.ref)


def _now(one: VolunteerSummary, plan: ContactView) -> None:
    st.header("Reaching her", anchor=False)
    for answer in plan.answers:
        address = one.email if answer.route is Route.EMAIL else one.phone
        icon = ":material/check_circle:" if answer.allowed else ":material/block:"
        shown = f" {literal(address)}" if address and answer.allowed else ""
        st.write(f"{icon} **{ROUTES[answer.route]}**{shown}: {literal(answer.reason)}")
    said = [(label, getattr(plan.said, field)) for field, label in _WORDS.items()]
    if words := [f"{label}: {text}" for label, text in said if text]:
        st.text("\n".join(words))
    if plan.version and not plan.said.may_leave_message:
        st.text("Leave no message.")


def _confirm(actor: Actor, one: VolunteerSummary, plan: ContactView) -> None:
    if not plan.version:
        return
    if plan.confirmed_on:
        st.caption(f"Confirmed with her on {day(plan.confirmed_on)}.")
    key = fresh("contact_confirm", one.ref)
    if not st.button("She has said today that this is right", key=key, on_click=keep,
                     args=(plan.version,)):  # fmt: skip
        return
    with saving("Her plan is confirmed.") as db:
        contact.confirm(db, actor, one.ref, version=seen())


def _change(actor: Actor, one: VolunteerSummary, plan: ContactView) -> None:
    room: Room = {}
    title = "Change what she said" if plan.version else "Record what she says is safe"
    with st.expander(title), st.form(fresh("contact", one.ref), border=False):
        said: dict[str, Any] = {
            field: st.checkbox(label, value=getattr(plan.said, field), key=fresh(field, one.ref))
            for field, label in _MAY.items()
        }
        said |= {
            field: line(
                st, room, field, label, one.ref,
                value=getattr(plan.said, field), max_chars=MAX_WORDS,
            )
            for field, label in _WORDS.items()
        }  # fmt: skip
        pressed = st.form_submit_button("Save", on_click=keep, args=(plan.version,))
    if not pressed:
        return
    with saving(
        "It is kept. What allows more than before counts once she has confirmed it.", room
    ) as db:
        contact.save(db, actor, one.ref, ContactDraft(**said), version=seen())
