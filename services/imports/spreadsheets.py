"""Spreadsheets that go out again: a template to fill in, and the rows that were not brought in.

A cell that begins like a formula would be obeyed by whoever opens the file: in Excel files every
text is written as text, in CSV it gets the apostrophe spreadsheets use for the same.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO

from sqlalchemy.orm import Session

from services import audit
from services.imports.checking import ROW
from services.imports.layout import Layout
from services.imports.plan import Plan, PlannedRow, State
from services.imports.reading import Cell
from services.permissions import Actor, Permission

ROW_NUMBER, WHY = "Row", "Why it was not brought in"
OBEYED = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 22


def template(layout: Layout) -> bytes:
    """An Excel workbook with every column, and one invented row to write over."""
    return _workbook([field.label for field in layout.fields], [[f.example for f in layout.fields]])


def failed_rows(db: Session, actor: Actor, plan: Plan, *, excel: bool) -> bytes:
    """The rows of a file that cannot be brought in, as they were, each with the reason."""
    actor.require(Permission.IMPORT_RECORDS)
    failed = plan.of(State.FAILED)
    sheet = plan.checked.sheet
    # Rows taken away before and still not right come with the reasons of last time.
    kept = [n for n, name in enumerate(sheet.headings) if name not in (ROW_NUMBER, WHY)]
    headings = [*(sheet.headings[n] for n in kept), ROW_NUMBER, WHY]
    cells = {row.number: [row.cells[n] for n in kept] for row in sheet.rows}
    rows = [[*cells[row.number], row.number, reasons(plan.checked.layout, row)] for row in failed]
    audit.record(db, actor, "import.failed_rows_downloaded", rows=len(rows))
    return _workbook(headings, rows) if excel else _csv(headings, rows)


def reasons(layout: Layout, row: PlannedRow) -> str:
    """Why a row is left out: each sentence after the column it is about."""
    labels = layout.labels()
    return " ".join(
        sentence if field == ROW else f"{labels.get(field, field)}: {sentence}"
        for field, sentence in row.problems.items()
    )


def _workbook(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    import xlsxwriter

    file = BytesIO()
    # In memory: what people are called is not left in a temporary file.
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.set_column(0, len(headings) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool | int | float):
                    sheet.write(number, column, cell)
                elif isinstance(cell, datetime | date) and _is_day(cell):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write_string(number, column, _words(cell))
    return file.getvalue()


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(heading) for heading in headings])
    writer.writerows([_harmless(_words(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(OBEYED) else words


def _words(cell: Cell) -> str:
    if isinstance(cell, datetime | date) and _is_day(cell):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, time) else str(cell)


def _is_day(cell: date) -> bool:
    return not isinstance(cell, datetime) or cell.time() == time()
