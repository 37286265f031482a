"""Choosing what to bring in, what may be in the file, and the file itself."""

from functools import partial

import pandas as pd
import streamlit as st

from models import ImportKind
from services.errors import AppError
from services.imports import reading, spreadsheets
from services.imports.kinds import KINDS
from services.imports.layout import Layout
from ui.components.choose import show_rows
from ui.components.folded import folded
from ui.components.form_fields import Room, explain, fresh
from ui.components.imports.flow import Flow, begin, forget_upload, under_way

_HEADINGS = 150  # pixels: the longest heading, also on a phone
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choose_file() -> Flow | None:
    """What is in the file and the file; how far it has come once it has been read."""
    kind = st.segmented_control(
        "What is in the file?",
        [kind.value for kind in KINDS],
        format_func=lambda value: KINDS[ImportKind(value)].layout.title,
        default=next(iter(KINDS)).value,
        required=True,
        key="imports_kind",
    )
    layout = KINDS[ImportKind(kind)].layout
    folded("What may be in the file", partial(_what_may_be_in_it, layout), key="imports_columns")
    room: Room = {}
    # Any kind of file: of a wrong one the reader says in words what it is and what to do.
    file = st.file_uploader("Excel workbook (.xlsx) or CSV file", key=fresh("imports_file"))
    room["file"] = st.empty()
    if file is None:
        forget_upload()
        return None
    known = under_way(file.file_id, layout.kind)
    if known is not None:
        return known
    try:
        with st.spinner("Reading the file."):
            sheet = reading.read(file.name, file.getvalue())
    except AppError as error:
        explain(error, room)
        return None
    return begin(file.file_id, layout.fitted(sheet.headings), sheet)


def _what_may_be_in_it(layout: Layout) -> None:
    st.write(
        "The headings stand in the first row, one record in each row beneath. Columns may come in "
        "any order; leave out what you do not have. An empty cell changes nothing."
    )
    rows = [(field.label, field.about, field.example) for field in layout.fields]
    show_rows(
        pd.DataFrame(rows, columns=["column", "about", "example"]),
        {
            "column": st.column_config.TextColumn("Column", width=_HEADINGS),
            "about": st.column_config.TextColumn("What may stand in it", width="large"),
            "example": st.column_config.TextColumn("For example", width="small"),
        },
        alt="Columns that are understood",
    )
    st.download_button(
        "Download an empty list to fill in",
        data=lambda: spreadsheets.template(layout),
        file_name=f"{layout.kind.value}.xlsx",
        mime=EXCEL,
        icon=":material/download:",
        on_click="ignore",
        key=f"imports_template_{layout.kind.value}",
    )
