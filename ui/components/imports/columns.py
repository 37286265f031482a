"""Saying which column of a file is which: suggested, and put right where the guess is wrong."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services.bulk import batches
from services.db import reading
from services.errors import AppError
from services.imports import checking, importing, matching
from services.imports.reading import Sheet
from services.permissions import Actor
from ui.components.form_fields import Room, explain
from ui.components.imports.flow import Flow
from ui.components.words import literal

LEAVE_OUT = ""
_MOST_SHOWN = 40
_EXAMPLE_LETTERS = 40


def match_columns(actor: Actor, flow: Flow) -> None:
    """One choice for each column; then the rows are checked and compared with what is here."""
    sheet = flow.sheet
    st.header("The columns")
    st.caption(_what_was_read(sheet))
    with reading() as db:
        suggested = matching.suggest(db, actor, flow.layout, sheet.headings)
    shown = _worth_showing(sheet, suggested)
    room: Room = {}
    with st.form(f"imports_columns_{flow.file_id}_{flow.layout.kind.value}"):
        # Pair by pair: on a telephone, where they stand in one column, the order stays.
        chosen = {
            heading: _choice(half, flow, heading, suggested[heading])
            for pair in batches(shown, 2)
            for half, heading in zip(st.columns(2), pair, strict=False)
        }
        replaces = bool(flow.layout.replacing) and st.checkbox(
            flow.layout.replacing, key=f"imports_replaces_{flow.file_id}"
        )
        pressed = st.form_submit_button("Compare with what is here", type="primary")
    room["file"] = st.empty()
    if not pressed:
        return
    try:
        with st.spinner("Checking every row."):
            checked = checking.check(flow.layout, sheet, suggested | chosen, replaces=replaces)
            with reading() as db:
                flow.plan = importing.plan(db, actor, checked)
    except AppError as error:
        flow.plan = None
        explain(error, room)
    else:
        st.rerun()


def _what_was_read(sheet: Sheet) -> str:
    rows = f"{len(sheet.rows):,} rows were read."
    if not sheet.left_out:
        return rows
    others = ", ".join(literal(name) for name in sheet.left_out)
    return f"{rows} Only the first sheet is used; left out: {others}."


def _worth_showing(sheet: Sheet, suggested: dict[str, str | None]) -> Sequence[str]:
    """Columns that hold something, the understood ones first; beyond many, only those."""
    filled = [
        heading
        for position, heading in enumerate(sheet.headings)
        if any(row.cells[position] != "" for row in sheet.rows)
    ]
    known = [heading for heading in filled if suggested[heading]]
    others = [heading for heading in filled if not suggested[heading]]
    return [*known, *others][:_MOST_SHOWN]


def _choice(place: DeltaGenerator, flow: Flow, heading: str, suggested: str | None) -> str | None:
    labels = {LEAVE_OUT: "Leave it out", **flow.layout.labels()}
    position = flow.sheet.headings.index(heading)
    filled = (row.cells[position] for row in flow.sheet.rows if row.cells[position] != "")
    # A mark nobody sees before the @: otherwise a click on the label would write to her.
    example = str(next(filled, ""))[:_EXAMPLE_LETTERS].replace("@", "\u2060@")
    field: str = place.selectbox(
        f"{literal(heading)} · {literal(example)}",
        list(labels),
        index=list(labels).index(suggested or LEAVE_OUT),
        format_func=labels.__getitem__,
        key=f"imports_column_{flow.file_id}_{flow.layout.kind.value}_{position}",
    )
    return field or None
