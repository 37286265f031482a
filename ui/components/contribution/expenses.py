"""Expenses: the list, and the form that asks for one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from models import ExpenseKind
from services import clock
from services.db import transaction
from services.volunteers.contribution.expenses import PENCE_A_MILE, ExpenseDraft
from services.volunteers.contribution.receipts import ENDINGS, MOST_MEGABYTES
from ui.components import words
from ui.components.choose import date_column, said_of_any, show_rows
from ui.components.contribution.words import KINDS, STATES, pounds
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    line,
    number_field,
    saving,
)
from ui.components.presses import submit


def table(found: pd.DataFrame, *, alt: str) -> None:
    """What was asked for, the latest first."""
    columns = {
        "on": date_column("On"),
        "sum": "Sum",
        "state": "State",
        "kind": "What",
        **said_of_any(found, {"missing": "Missing", "words": "Note"}),
    }
    shown = found.assign(
        sum=found["pence"].map(pounds),
        kind=[_kind(*row) for row in zip(found["kind"], found["miles"], strict=True)],
        state=found["state"].map(STATES),
    )
    show_rows(shown, columns, alt=alt)


def receipt(ref: str, found: pd.DataFrame, read: Callable[[Any, str], tuple[bytes, str]]) -> None:
    """One of the receipts, chosen and taken down; each look is written in the audit log."""
    names = named(found)
    of = choice({}, "receipt_of", "Of which expense", names, ref, index=0)
    if of is None:
        return
    with transaction() as db:
        content, kind = read(db, of)
    st.download_button(
        "The receipt",
        data=content,
        file_name=f"receipt.{ENDINGS[kind]}",
        mime=kind,
        icon=":material/download:",
        on_click="ignore",
        key=f"receipt_{ref}",
    )


def named(found: pd.DataFrame) -> dict[str, str]:
    """Expenses to choose from, by reference."""
    return {
        ref: f"{words.day(on)}: {pounds(pence)}, {KINDS[kind].lower()}"
        for ref, on, pence, kind in zip(
            found["ref"], found["on"], found["pence"], found["kind"], strict=True
        )
    }


def ask(ref: str, keep: Callable[[Any, ExpenseDraft], object], *, sent: str) -> None:
    """What it was, outside the form: by car asks for miles, everything else for the sum."""
    kind = st.segmented_control(
        "What was it?",
        list(KINDS),
        default=ExpenseKind.TRANSPORT.value,
        required=True,
        format_func=KINDS.__getitem__,
        key=f"expense_kind_{ref}",
    )
    is_driven = kind == ExpenseKind.MILEAGE.value
    room: Room = {}
    with st.form(fresh(f"expense_{kind}", ref), border=False):
        on = date_field(st, room, "spent_on", "On", ref, value=clock.today())
        field = "miles" if is_driven else "pounds"
        label = f"Miles, at {PENCE_A_MILE}p each" if is_driven else "What was paid, in pounds"
        steps: dict[str, Any] = (
            {"step": 0.1, "format": "%.1f"} if is_driven else {"step": 0.01, "format": "%.2f"}
        )
        amount: float | None = number_field(st, room, field, label, ref, value=None, **steps)
        note = line(st, room, "words", "Note, if any; no names, no addresses", f"{ref}_expense")
        receipt = st.file_uploader(
            "Receipt: a PDF or a picture",
            type=[*ENDINGS.values(), "jpeg"],
            max_upload_size=MOST_MEGABYTES,
            key=fresh("receipt", ref),
        )
        room["receipt"] = st.empty()
        pressed = submit("Ask for it back", key=fresh("expense_asked", ref), type="primary")
    if not pressed:
        return
    with saving(sent, room) as db:
        draft = ExpenseDraft(
            kind=ExpenseKind(kind),
            spent_on=on,
            miles=amount if is_driven else None,
            pounds=None if is_driven else amount,
            words=note,
            receipt=receipt.getvalue() if receipt else None,
        )
        keep(db, draft)


def _kind(kind: str, miles: float | None) -> str:
    return f"{miles:g} miles by car" if kind == ExpenseKind.MILEAGE.value else KINDS[kind]
