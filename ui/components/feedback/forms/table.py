"""The table a form is edited in: a line a question."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from services.forms.rows import KINDS, Row
from ui.components.form_fields import Room, fresh

_COLUMNS = ["key", "place", "text", "kind", "answers", "only_if", "hint", "section"]
_SHOWN = _COLUMNS[1:]
HELP = (
    "Write the answers one after the other, with a semicolon between them. To put a question "
    "between two others, give it a number between theirs, such as 2.5. Under “Only if”, write "
    "the number of an earlier question and the answers that bring this one up: 4: Too fast."
)


def question_table(room: Room, ref: str, now: Sequence[Row]) -> list[Row]:
    """The questions as they stand in the table after her changes."""
    lines = [[getattr(row, name) for name in _COLUMNS] for row in now]
    frame = pd.DataFrame(lines, columns=_COLUMNS).astype({"place": float})
    st.caption(HELP)
    edited: pd.DataFrame = st.data_editor(
        frame,
        key=fresh("questions", ref),
        num_rows="dynamic",
        hide_index=True,
        column_order=_SHOWN,
        column_config={
            "place": st.column_config.NumberColumn(
                "No.", min_value=0, step=0.1, format="%g", width=60
            ),
            "text": st.column_config.TextColumn("Question", max_chars=160, width=220),
            "kind": st.column_config.SelectboxColumn(
                "Kind", options=list(KINDS), format_func=_kind, default="scale", width=130
            ),
            "answers": st.column_config.TextColumn("Answers", width=210),
            "only_if": st.column_config.TextColumn("Only if", width=110),
            "hint": st.column_config.TextColumn("Hint", max_chars=160),
            "section": st.column_config.TextColumn("Heading above it", max_chars=160),
        },
        alt="The questions of the form, a line each",
        placeholder="",
    )
    room["questions"] = st.empty()
    return _rows(edited)


def _rows(edited: pd.DataFrame) -> list[Row]:
    """A line without a number comes behind those that have one."""
    found: list[Row] = []
    for line in edited.to_dict("records"):
        said = {name: _text(line.get(name)) for name in _COLUMNS if name != "place"}
        place = line.get("place")
        last = max((row.place for row in found), default=0.0)
        found.append(Row(place=last + 1 if place is None or pd.isna(place) else place, **said))
    return found


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _kind(kind: object) -> str:
    return next((label for key, label in KINDS.items() if key == kind), "")
