"""Reports that were made, with the same figures again; and the list of all that left."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from services import releases
from services.db import reading, transaction
from services.permissions import Actor
from services.reports import keeping
from ui.components.choose import (
    back_to_list,
    choose_row,
    date_column,
    page_buttons,
    position,
    show_rows,
    time_column,
)
from ui.components.folded import folded
from ui.components.imports.upload import EXCEL
from ui.components.words import literal

_KINDS = {"report": "Report", "chart": "Chart", "research": "Rows for research"}


def ledger(actor: Actor) -> None:
    """All that left, newest first; a report opens by its row."""
    with reading() as db:
        found = releases.listing(db, actor, before=position("reports_list"))
    if found.empty:
        st.info("Nothing has left yet. A report appears here once it is made.")
        return
    shown = found.assign(kind=found["kind"].map(_KINDS))
    chosen = choose_row(
        shown,
        {
            "made": time_column("Made"),
            "kind": "As",
            "title": "What",
            "audience": "For whom",
            "first": date_column("From"),
            "last": date_column("To"),
            "threshold": "Hidden below",
            "shown": "Numbers shown",
            "hidden": "Hidden",
            "by": "By",
        },
        key="reports_list",
        alt="What has left the house",
    )
    page_buttons(
        "reports_list", page=releases.PAGE, shown=len(found), last=int(found["number"].min())
    )
    if chosen is not None and chosen["kind"] == _KINDS["report"]:
        st.query_params["report"] = chosen["ref"]
        st.rerun()


def opened(actor: Actor, ref: str) -> None:
    """One report: what is in it, and the same on paper or as a workbook."""
    with reading() as db:
        report = keeping.document(db, actor, ref)
    back_to_list("All reports")
    st.header(literal(report["title"]), anchor=False)
    st.write(
        literal(
            f"Reader: {report['reader']}. {report['period']}. Made on {report['made']} by "
            f"{report['by']}; the figures stay as they were then."
        )
    )
    for note in report["notes"]:
        st.caption(literal(note))
    if report["refused"]:
        st.warning(
            "Left out, since with what left before a small number could be worked out: "
            f"{literal('; '.join(report['refused']))}. Choose whole quarters or years that match "
            "earlier reports, and all programmes."
        )
    _take(actor, ref)
    for section in report["sections"]:
        folded(
            section["title"],
            partial(_section, section),
            key=f"report_{section['key']}",
        )


def _take(actor: Actor, ref: str) -> None:
    def paper() -> bytes:
        with transaction() as db:
            return keeping.paper(db, actor, ref)

    def workbook() -> bytes:
        with transaction() as db:
            return keeping.spreadsheet(db, actor, ref)

    left, right = st.columns(2)
    left.download_button(
        "The report as a PDF",
        data=paper,
        file_name=keeping.file_name("pdf"),
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        key="report_pdf",
    )
    right.download_button(
        "The report for Excel",
        data=workbook,
        file_name=keeping.file_name("xlsx"),
        mime=EXCEL,
        icon=":material/table_view:",
        on_click="ignore",
        key="report_xlsx",
    )


def _section(section: dict[str, Any]) -> None:
    if section["intro"]:
        st.write(literal(section["intro"]))
    for number, table in enumerate(section["tables"]):
        st.subheader(literal(table["title"]), anchor=False)
        rows = [[str(cell) for cell in row] for row in table["rows"]]
        names = [str(n) for n in range(len(table["columns"]))]
        show_rows(
            pd.DataFrame(rows, columns=names),
            _headings(names, table["columns"]),
            alt=f"{table['title']}, table {number + 1}",
        )
        for sentence in table["says"]:
            st.caption(literal(sentence))
    for sentence in section["lines"]:
        st.caption(literal(sentence))


def _headings(names: list[str], words: list[str]) -> dict[str, Any]:
    """Numbers to the right, where they can be compared."""
    first, *others = zip(names, words, strict=True)
    right = {name: st.column_config.TextColumn(word, alignment="right") for name, word in others}
    return {first[0]: first[1], **right}
