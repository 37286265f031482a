"""What a volunteer gives and spends, as her coordinator sees it: hours, expenses, thanks."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.contribution import expenses, hours, letters, settling, thanking
from services.volunteers.volunteers import VolunteerSummary
from ui.components import paper
from ui.components.contribution import expenses as expense_forms
from ui.components.contribution import hours as hour_forms
from ui.components.contribution.words import milestone
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    fresh,
    keep,
    line,
    needed,
    saving,
    seen,
)

_STEPS = {
    "approve": "Approve it",
    "pay": "Note that it is paid",
    "send_back": "Send it back: something is missing",
}


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Hours and milestones, paper to thank her with, and her expenses."""
    with reading() as db:
        given = hours.of_volunteer(db, actor, one.ref)
        found = expenses.of_volunteer(db, actor, one.ref)
        open_still = thanking.not_thanked(db, actor, one.ref)
    hour_forms.figures(given)
    hour_forms.others(
        given,
        one.ref,
        add=lambda db, draft: hours.add(db, actor, one.ref, draft),
        remove=lambda db, entry: hours.remove(db, actor, entry),
        only_own=False,
    )
    st.header("Thanks, and what she may take along", anchor=False)
    _thanks(actor, one, open_still)
    letter = partial(letters.thank_you, actor=actor, volunteer_ref=one.ref)
    record = partial(letters.reference_sheet, actor=actor, volunteer_ref=one.ref)
    paper.sheet_button("Thank-you letter", letter, key=f"letter_{one.ref}")
    paper.sheet_button("Record of what she did", record, key=f"record_{one.ref}")
    st.header("Expenses", anchor=False)
    if found.empty:
        st.caption("Nothing asked for yet.")
    else:
        expense_forms.table(found, alt="Her expenses")
    _forms(actor, one, found)


def _thanks(actor: Actor, one: VolunteerSummary, open_still: Sequence[tuple[str, int]]) -> None:
    """What nobody has thanked her for yet, and that somebody has."""
    if not open_still:
        return
    reached = " and ".join(milestone(kind, step) for kind, step in open_still)
    st.info(f"To thank her for: {reached}.", icon=":material/celebration:")
    if not st.button("I have thanked her", key=f"thanked_{one.ref}"):
        return
    with saving("It is noted. The letter is on her own page too.") as db:
        thanking.thank(db, actor, one.ref)


def _forms(actor: Actor, one: VolunteerSummary, found: pd.DataFrame) -> None:
    waiting = found[found["state"].isin(("asked", "approved"))]
    if len(waiting):
        folded(
            "Settle an expense", partial(_settle, actor, one, waiting), key=f"settle_{one.ref}",
            expanded=True,
        )  # fmt: skip
    with_receipt = found[found["has_receipt"]]
    if len(with_receipt):
        read = partial(_receipt, actor)
        see = partial(expense_forms.receipt, one.ref, with_receipt, read)
        folded("See a receipt", see, key=f"see_{one.ref}")
    folded(
        "Enter one she handed in",
        partial(
            expense_forms.ask,
            one.ref,
            lambda db, draft: expenses.ask_for(db, actor, one.ref, draft),
            sent="The expense is kept. Approve it next.",
        ),
        key=f"enter_expense_{one.ref}",
    )


def _settle(actor: Actor, one: VolunteerSummary, waiting: pd.DataFrame) -> None:
    names = expense_forms.named(waiting)
    versions = dict(zip(waiting["ref"], waiting["version"], strict=True))
    room: Room = {}
    with st.form(fresh("settle", one.ref), border=False):
        which = choice(room, "expense", "Expense", names, one.ref, index=0)
        step = choice(room, "step", "What you do", _STEPS, one.ref, index=None)
        missing = line(st, room, "missing", "If you send it back: what is missing", one.ref)
        pressed = st.form_submit_button("Do it", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("It is noted, with your name. She sees it on her page.", room) as db:
        ref = needed(which, "expense", "Choose the expense.")
        what = needed(step, "step", "Choose what you do.")
        _settled(db, actor, ref, what, missing=missing, version=int(seen()[ref]))


def _receipt(actor: Actor, db: Any, ref: str) -> tuple[bytes, str]:
    return settling.receipt(db, actor, ref)


def _settled(db: Any, actor: Actor, ref: str, what: str, *, missing: str, version: int) -> None:
    if what == "approve":
        settling.approve(db, actor, ref, version=version)
    elif what == "pay":
        settling.pay(db, actor, ref, version=version)
    else:
        settling.send_back(db, actor, ref, missing=missing, version=version)
