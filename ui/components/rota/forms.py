"""The forms of one session: an answer, a swap, letting somebody go."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from models import PlacementRole
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.rota import shifts
from services.volunteers.rota.listing import Covered, SessionCover
from services.volunteers.rota.substitutes import substitutes
from ui.components.form_fields import (
    Room,
    choice,
    done,
    explain,
    fresh,
    line,
    needed,
    saving,
    seen,
    versions_seen,
)
from ui.components.placing.weighing import explain_placing, reason_despite
from ui.components.presses import submit
from ui.components.rota.asking import options
from ui.components.rota.words import part_names

_WHAT_SHE_SAID = "What she said, if she wished to; for coordinators only"
_YES_OR_NO = {"yes": "Yes", "no": "No, and that is fine"}


def answer_offer(actor: Actor, asked: Sequence[Covered]) -> None:
    """Her yes or no."""
    room: Room = {}
    with st.form(fresh("answer"), border=False):
        ref = choice(room, "shift", "Who", part_names(asked), "answer",
                     index=0 if len(asked) == 1 else None)  # fmt: skip
        said = choice(room, "said", "Her answer", _YES_OR_NO, "answer", index=None)
        reason = line(st, room, "reason", _WHAT_SHE_SAID, "answer")
        key = fresh("answer_given", asked[0].ref)
        pressed = submit("Record her answer", key=key, type="primary", seen=versions_seen(asked))
    if not pressed:
        return
    try:
        with transaction() as db:
            shift = needed(ref, "shift", "Choose who has answered.")
            yes = needed(said, "said", "Choose her answer.") == "yes"
            shifts.answer(db, actor, shift, accepts=yes, version=seen()[shift], reason=reason)
    except AppError as error:
        explain(error, room)
    else:
        done("She said yes." if yes else "The place is open again.")
        st.rerun()


def let_go(actor: Actor, people: Sequence[Covered]) -> None:
    """Take an offer back, or let somebody go who had said yes. No reason is needed."""
    st.caption("No reason is needed, and nothing is held against her.")
    room: Room = {}
    with st.form(fresh("let_go"), border=False):
        ref = choice(room, "shift", "Who", part_names(people), "let_go", index=None)
        reason = line(st, room, "reason", _WHAT_SHE_SAID, "let_go")
        pressed = submit("Let her go", key=fresh("gone", people[0].ref), seen=versions_seen(people))
    if not pressed:
        return
    with saving(
        "The place is open again. Those who could take it stand under “Ask somebody”.", room
    ) as db:
        shift = needed(ref, "shift", "Choose who is to be let go.")
        shifts.cancel(db, actor, shift, version=seen()[shift], reason=reason)


def swap_shift(actor: Actor, one: SessionCover, sure: Sequence[Covered]) -> None:
    """Somebody else takes a shift over, at once and without a gap."""
    roles = {who.ref: PlacementRole(who.role) for who in sure}
    shift = sure[0].ref
    if len(sure) > 1:
        shift = st.selectbox("Whose shift", list(roles), format_func=part_names(sure).__getitem__,
                             key=f"rota_swap_{one.ref}")  # fmt: skip
    with reading() as db:
        names = options(substitutes(db, actor, one.ref, roles[shift]))
    if not names:
        st.info("Nobody else can take it on within the rules. Let her go, or look another day.")
        return
    room: Room = {}
    with st.form(fresh("swap", shift), border=False):
        to = choice(room, "volunteer", "Who has agreed to take it", names, shift, index=None)
        despite = reason_despite(room, shift)
        pressed = submit("Swap", key=fresh("swapped", shift), seen=versions_seen(sure))
    if not pressed:
        return
    with saving("The shift is hers now.", room, refused=partial(explain_placing, ref=shift)) as db:
        taker = needed(to, "volunteer", "Choose who takes it over.")
        shifts.swap(db, actor, shift, taker, version=seen()[shift], despite=despite)
