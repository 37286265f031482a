"""Somebody asks to be relieved: who could take her session over, in order, with the reason why."""

import streamlit as st

from models import PlacementRole
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.rota import relief
from services.volunteers.rota.listing import Covered, SessionCover
from services.volunteers.rota.substitutes import substitutes
from ui.components.form_fields import Room, choice, done, fresh, keep, needed, seen
from ui.components.placing.weighing import explain_placing, reason_despite
from ui.components.presses import press
from ui.components.rota.asking import options
from ui.components.volunteer.words import ROLES
from ui.components.words import literal
from ui.messages import show_error


def find_relief(actor: Actor, one: SessionCover, who: Covered) -> None:
    """The likeliest is chosen already; she may ask several, and the first yes counts."""
    st.header(f"{literal(who.name)} asks somebody to take this", anchor=False)
    st.caption(
        f"{ROLES[who.role]}. She stays in it until somebody has said yes; then it is swapped at "
        "once. She does not hear who is asked."
    )
    with reading() as db:
        names = options(substitutes(db, actor, one.ref, PlacementRole(who.role)))
    if names:
        _offer(actor, who, names)
    elif any(other.takes_over and other.role == who.role for other in one.people):
        st.info("Nobody else can take it on within the rules. Wait for the answer.")
    else:
        st.info("Nobody can take it on within the rules.")
    _nobody(actor, who)


def _offer(actor: Actor, who: Covered, names: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("relief", who.ref), border=False):
        to = choice(room, "volunteer", "Who could take it, the likeliest first", names, who.ref,
                    index=0)  # fmt: skip
        despite = reason_despite(room, who.ref)
        pressed = st.form_submit_button(
            "Ask her to take it", type="primary", on_click=keep, args=({who.ref: who.version},)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            taker = needed(to, "volunteer", "Choose whom to ask.")
            relief.offer(db, actor, who.ref, taker, version=seen()[who.ref], despite=despite)
    except AppError as error:
        explain_placing(error, room, who.ref)
    else:
        done("She is asked to take it. With her yes it is swapped; until then nothing changes.")
        st.rerun()


def _nobody(actor: Actor, who: Covered) -> None:
    if not press("Tell her that nobody can", key=f"relief_nobody_{who.ref}"):
        return
    try:
        with transaction() as db:
            relief.nobody_can(db, actor, who.ref, version=who.version)
    except AppError as error:
        show_error(error)
    else:
        done("She reads it on her own page, kindly said. She is in the session as before.")
        st.rerun()
