"""What a file would do, row by row, and doing it."""

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.imports import importing, spreadsheets
from services.imports.layout import Layout
from services.imports.plan import Plan, PlannedRow, State
from services.permissions import Actor
from ui.components.choose import show_rows
from ui.components.form_fields import Room, done, explain
from ui.components.imports.flow import Flow, forget_upload
from ui.components.imports.upload import EXCEL
from ui.components.side_by_side import side_by_side

WORDS = {
    State.NEW: "New",
    State.CHANGED: "Changes",
    State.UNCHANGED: "No change",
    State.FAILED: "Left out",
}
_MOST_ROWS = 500
_ROW, _WHO = 50, 130  # pixels: what becomes of a row is the longest, on a phone too


def draw_preview(actor: Actor, flow: Flow, plan: Plan) -> None:
    """Counts, the rows, those left out to take away, and the button that brings the rest in."""
    st.header("What this file would do")
    with reading() as db:
        if importing.brought_in_before(db, actor, flow.sheet.digest):
            st.info("This very file was brought in before. What is in it already is left alone.")
    counts = plan.counts()
    side_by_side({words: f"{counts[state]:,}" for state, words in WORDS.items()})
    _rows(plan)
    if counts[State.FAILED]:
        _take_away(actor, plan)
    _bring_in(actor, plan)


def _rows(plan: Plan) -> None:
    there = [state for state in WORDS if plan.count(state)]
    first = State.FAILED if State.FAILED in there else there[0]
    state = st.segmented_control(
        "Show the rows",
        [state.value for state in there],
        format_func=lambda value: WORDS[State(value)],
        default=first.value,
        required=True,
        key="imports_rows",
    )
    rows = plan.of(State(state))
    if len(rows) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS} of {len(rows):,}.")
    # What it is about is said in the row's own words, never in what is kept here.
    layout = plan.checked.layout
    frame = pd.DataFrame(
        [(row.number, layout.about(row.values), _what(layout, row)) for row in rows[:_MOST_ROWS]],
        columns=["number", "about", "what"],
    )
    show_rows(
        frame,
        {
            "number": st.column_config.NumberColumn("Row", width=_ROW),
            "about": st.column_config.TextColumn("Who or what", width=_WHO),
            "what": st.column_config.TextColumn("What becomes of it", width="large"),
        },
        alt="Rows of the file",
    )


def _what(layout: Layout, row: PlannedRow) -> str:
    if row.state is State.FAILED:
        return spreadsheets.reasons(layout, row)
    labels = layout.labels()
    changed = ", ".join(labels.get(field, field).lower() for field in row.changes)
    words = {
        State.NEW: "Will be added.",
        State.CHANGED: f"Will be brought up to date: {changed}.",
        State.UNCHANGED: "Is here already, as it stands in the file.",
    }[row.state]
    return f"{words} {row.note}".strip()


def _take_away(actor: Actor, plan: Plan) -> None:
    """The rows left out, to put right and bring in again."""

    def made(*, excel: bool) -> bytes:
        with transaction() as db:
            return spreadsheets.failed_rows(db, actor, plan, excel=excel)

    st.write("Take away the rows that are left out, put them right, and bring that file in.")
    with st.container(horizontal=True):
        st.download_button(
            "Left-out rows for Excel",
            data=lambda: made(excel=True),
            file_name="left-out-rows.xlsx",
            mime=EXCEL,
            icon=":material/download:",
            on_click="ignore",
            key="imports_failed_excel",
        )
        st.download_button(
            "Left-out rows as CSV",
            data=lambda: made(excel=False),
            file_name="left-out-rows.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="imports_failed_csv",
        )


def _bring_in(actor: Actor, plan: Plan) -> None:
    wanted = plan.count(State.NEW) + plan.count(State.CHANGED)
    if not wanted:
        st.info("There is nothing to bring in: no row is new, and none changes anything.")
        return
    room: Room = {}
    pressed = st.button(f"Bring in {wanted:,} {'row' if wanted == 1 else 'rows'}", type="primary")
    room["file"] = st.empty()
    if not pressed:
        return
    bar = st.progress(0.0, "Bringing the rows in. Please leave this page open.")
    try:
        with transaction() as db:
            importing.apply(db, actor, plan, bar.progress)
    except AppError as error:
        bar.empty()
        explain(error, room)
    else:
        forget_upload()
        done(f"{wanted:,} {'row was' if wanted == 1 else 'rows were'} brought in.")
        st.rerun()
