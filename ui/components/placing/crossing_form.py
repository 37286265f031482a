"""Where one person's life may cross another's: looked at and kept, behind the seal."""

import streamlit as st

from models import CrossingKind
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.placing import crossings
from services.placing.conflicts import Party, Why
from services.placing.crossings import Kept
from ui.components.form_fields import Room, area, done, explain, fresh, keep, seen
from ui.components.placing.conflict_form import somebody
from ui.components.placing.conflict_words import CROSSINGS


def where_lives_cross(actor: Actor, why: Why) -> None:
    """Somebody found by name, and her places to look at and change."""
    st.write(
        "Ask each alone, before she is placed. Somebody who shares one of these is weighed; a "
        "group that meets where she must not go is not the right one. Nobody is told which it was."
    )
    party = somebody(actor, "crossing", "Whose")
    if party is not None:
        with reading() as db:
            kept = crossings.of_party(db, actor, party, why)
        _form(actor, party, kept)


def _form(actor: Actor, party: Party, kept: Kept) -> None:
    room: Room = {}
    with st.form(fresh("crossings", party.ref), border=False):
        texts = {
            kind: area(
                room, key, f"{label}, one on a line", party.ref,
                value="\n".join(kept.get(CrossingKind(key), ())), max_chars=900,
            )
            for key, label in CROSSINGS.items()
            for kind in [CrossingKind(key)]
        }  # fmt: skip
        before = {kind.value: names for kind, names in kept.items()}
        pressed = st.form_submit_button("Keep this", type="primary", on_click=keep, args=(before,))
    if not pressed:
        return
    try:
        with transaction() as db:
            names = {kind: tuple(text.splitlines()) for kind, text in texts.items()}
            opened = {CrossingKind(key): several for key, several in seen().items()}
            meets = crossings.keep(db, actor, party, names, seen=opened)
    except AppError as error:
        explain(error, room)
    else:
        now = " Somebody is with a group where she must not be: act today." if meets else ""
        done(f"It is kept, and counts from now on.{now}")
        st.rerun()
