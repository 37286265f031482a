"""Her expenses: what she asked for, how it stands, and asking for more."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.contribution import expenses, settling
from services.volunteers.herself.record import Herself
from ui.components import words
from ui.components.contribution import expenses as shown
from ui.components.contribution.words import pounds
from ui.components.folded import folded
from ui.components.form_fields import Room, choice, fresh, keep, needed, saving, seen


def draw(actor: Actor, me: Herself) -> None:
    """The list, a new one, and taking one back while nobody has decided."""
    with reading() as db:
        found = expenses.mine(db, actor)
    st.caption(
        "What you really spend to be here is given back: miles by car, bus, train or taxi, and "
        "childcare against a receipt. If you cannot lay it out first, ring your coordinator."
    )
    if found.empty:
        st.info("You have not asked for anything yet.")
    else:
        shown.table(found, alt="My expenses")
    folded(
        "Ask for an expense",
        partial(
            shown.ask,
            me.ref,
            lambda db, draft: expenses.ask(db, actor, draft),
            sent="Your coordinator sees it. You are told here when it is paid.",
        ),
        key=f"ask_expense_{me.ref}",
        expanded=found.empty,
    )
    with_receipt = found[found["has_receipt"]]
    if len(with_receipt):
        see = partial(shown.receipt, me.ref, with_receipt, partial(_receipt, actor))
        folded("See a receipt", see, key=f"see_{me.ref}")
    asked = found[found["state"] == "asked"]
    if len(asked):
        folded("Take one back", partial(_withdraw, actor, me, asked), key=f"withdraw_{me.ref}")


def _receipt(actor: Actor, db: Any, ref: str) -> tuple[bytes, str]:
    return settling.my_receipt(db, actor, ref)


def _withdraw(actor: Actor, me: Herself, asked: pd.DataFrame) -> None:
    names = {
        ref: f"{words.day(on)}: {pounds(pence)}"
        for ref, on, pence in zip(asked["ref"], asked["on"], asked["pence"], strict=True)
    }
    versions = dict(zip(asked["ref"], asked["version"], strict=True))
    room: Room = {}
    with st.form(fresh("withdraw", me.ref), border=False):
        chosen = choice(room, "gone", "Which", names, me.ref, index=None)
        pressed = st.form_submit_button("Take it back", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("It is taken back.", room) as db:
        ref = needed(chosen, "gone", "Choose which one.")
        expenses.withdraw(db, actor, ref, version=int(seen()[ref]))
