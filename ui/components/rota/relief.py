"""Somebody asks to be relieved: who could take her session over, in order, with the reason why."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from models import PlacementRole
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.rota import relief
from services.volunteers.rota.listing import Covered, SessionCover
from services.volunteers.rota.substitutes import substitutes
from ui.components.form_fields import (
    Room,
    choice,
    done,
    fresh,
    needed,
    only,
    saving,
    seen,
    versions_seen,
)
from ui.components.placing.weighing import explain_placing, reason_despite
from ui.components.presses import press, submit
from ui.components.rota.asking import options
from ui.components.rota.words import part_names
from ui.components.volunteer.words import ROLES
from ui.components.words import literal
from ui.messages import show_error


def note_wish(actor: Actor, sure: Sequence[Covered]) -> None:
    """She has rung or written: noted here, it goes on as if she had asked on her own page."""
    st.caption(
        "She has told you that she would like somebody to take it. She stays in it until somebody "
        "has said yes. No reason is needed."
    )
    room: Room = {}
    with st.form(fresh("wish"), border=False):
        ref = choice(room, "shift", "Who asks", part_names(sure), "wish", index=only(sure))
        pressed = submit("Note it", key=fresh("wish_noted", sure[0].ref), seen=versions_seen(sure))
    if not pressed:
        return
    with saving(
        "Noted. Those who could take it stand under her name, the likeliest first.", room
    ) as db:
        shift = needed(ref, "shift", "Choose who asks.")
        relief.note(db, actor, shift, version=seen()[shift])


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
    _settle(actor, who)


def _offer(actor: Actor, who: Covered, names: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("relief", who.ref), border=False):
        to = choice(room, "volunteer", "Who could take it, the likeliest first", names, who.ref,
                    index=0)  # fmt: skip
        despite = reason_despite(room, who.ref)
        key, version = fresh("relief_asked", who.ref), {who.ref: who.version}
        pressed = submit("Ask her to take it", key=key, type="primary", seen=version)
    if not pressed:
        return
    with saving(
        "She is asked to take it. With her yes it is swapped; until then nothing changes.",
        room,
        refused=partial(explain_placing, ref=who.ref),
    ) as db:
        taker = needed(to, "volunteer", "Choose whom to ask.")
        relief.offer(db, actor, who.ref, taker, version=seen()[who.ref], despite=despite)


def _settle(actor: Actor, who: Covered) -> None:
    nobody, kept = st.columns(2)
    with nobody:
        tells = press("Tell her that nobody can", key=f"relief_nobody_{who.ref}", width="stretch")
    with kept:
        stays = press("She can come after all", key=f"relief_kept_{who.ref}", width="stretch")
    if not (tells or stays):
        return
    said, to_read = "She is in the session as before.", False
    try:
        with transaction() as db:
            if stays:
                relief.note_kept(db, actor, who.ref, version=who.version)
            elif relief.nobody_can(db, actor, who.ref, version=who.version):
                said = f"She reads it on her own page, kindly said. {said}"
            else:
                said, to_read = f"She has no page of her own here: tell her yourself. {said}", True
    except AppError as error:
        show_error(error)
    else:
        done(said, to_read=to_read)
        st.rerun()
