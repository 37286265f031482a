"""Reading an uploaded file into rows of cells, or refusing it in a plain sentence. Pure."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from typing import TypeAlias

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from services.imports import archive
from services.imports.archive import MOST_COLUMNS, MOST_ROWS, refusal, too_large

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta
MOST_BYTES = 10_000_000  # as much as the screen takes; .streamlit/config.toml says the same
MOST_LETTERS = 10_000  # in one cell

MERGED = "Cells are merged in this row, so it is not clear what belongs to it. Unmerge them."
ERROR = "Excel shows an error in this row, such as #REF! or #N/A. Put a value in its place."
TOO_WIDE = "This row has more cells than there are headings. Look for a comma too many."
TOO_LONG = f"A cell in this row has more than {MOST_LETTERS:,} letters. Shorten it."

_ZIP, _PDF = b"PK\x03\x04", b"%PDF"
_BOM, _MARKUP = b"\xef\xbb\xbf", (b"<html", b"<!doctype", b"<table", b"<?xml")
# Marks that say in which direction to write: copied along by phones, seen by nobody.
_INVISIBLE = dict.fromkeys(
    [0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
) | {0xA0: " ", 0x202F: " "}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the spreadsheet shows it, its cells, and what is wrong with it."""

    number: int
    cells: tuple[Cell, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read: one heading for each column, and the rows that hold anything."""

    file_name: str
    digest: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    left_out: tuple[str, ...] = ()  # other sheets of the workbook that hold something


def read(file_name: str, content: bytes) -> Sheet:
    """The first sheet of an Excel workbook, or a CSV file in any usual encoding.

    Raises InvalidInputError, under `archive.FILE`, for anything else.
    """
    if len(content) > MOST_BYTES:
        raise refusal(
            f"This file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or leave out "
            "pictures and columns that are not needed."
        )
    if not content.strip():
        raise refusal("This file is empty.")
    archive.refuse_old_office(content)
    if content.startswith(_PDF):
        raise refusal("This is a PDF. Choose an Excel workbook (.xlsx) or a CSV file.")
    if content.removeprefix(_BOM).lstrip()[:9].lower().startswith(_MARKUP):
        raise refusal(
            "This is a web page under another name, as some systems hand out. Open it in Excel "
            "and save it as an Excel workbook (.xlsx)."
        )
    rows, left_out = _excel(content) if content.startswith(_ZIP) else (_csv(content), ())
    return _sheet(file_name, content, rows, left_out)


def tidy(cell: Cell) -> Cell:
    """A cell without what nobody means: spaces around it, marks of direction, an apostrophe."""
    if not isinstance(cell, str):
        return cell
    words = (cell if cell.isascii() else cell.translate(_INVISIBLE)).strip()
    # Our own lists and other careful ones guard what looks like a formula with an apostrophe.
    return words[1:] if words[:1] == "'" and words[1:2] in tuple("=+-@") else words


def _sheet(
    file_name: str, content: bytes, rows: Iterable[SheetRow], left_out: tuple[str, ...]
) -> Sheet:
    filled = (row for row in map(_tidied, rows) if any(cell != "" for cell in row.cells))
    top = next(filled, None)
    if top is None:
        raise refusal("There is nothing in this sheet.")
    headings = _headings(top)
    body = tuple(_fitted(row, len(headings)) for row in filled)
    if not body:
        raise refusal("There are headings in this sheet, and no rows beneath them.")
    if len(body) > MOST_ROWS:
        raise too_large()
    return Sheet(file_name, sha256(content).hexdigest(), headings, body, left_out)


def _headings(row: SheetRow) -> tuple[str, ...]:
    if row.fault == MERGED:
        raise refusal(
            "Cells are merged in the row of headings. Unmerge them, so that each column has a "
            "heading of its own in the first row."
        )
    cells = [str(cell) for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise too_large()
    names = tuple(cell or f"Column {n}" for n, cell in enumerate(cells, start=1))
    if len({name.casefold() for name in names}) < len(names):
        raise refusal(
            "Two columns have the same heading. Give each one of its own; the headings are the "
            "first row that holds anything."
        )
    return names


def _fitted(row: SheetRow, width: int) -> SheetRow:
    """The row with exactly one cell for each heading."""
    if any(cell != "" for cell in row.cells[width:]):
        return SheetRow(row.number, row.cells[:width], row.fault or TOO_WIDE)
    return SheetRow(row.number, (row.cells + ("",) * width)[:width], row.fault)


def _tidied(row: SheetRow) -> SheetRow:
    cells = tuple(map(tidy, row.cells))
    if any(isinstance(cell, str) and len(cell) > MOST_LETTERS for cell in cells):
        short = tuple(cell[:MOST_LETTERS] if isinstance(cell, str) else cell for cell in cells)
        return SheetRow(row.number, short, row.fault or TOO_LONG)
    return SheetRow(row.number, cells, row.fault)


# --- Excel -------------------------------------------------------------------------------


def _excel(content: bytes) -> tuple[Iterator[SheetRow], tuple[str, ...]]:
    inside = archive.look_inside(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        visible = [
            book.get_sheet_by_name(sheet.name)
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
        ]
    except CalamineError as error:
        raise refusal("This Excel file cannot be read. Save it again, or as CSV.") from error
    filled = [sheet for sheet in visible if sheet.height]
    if not filled:
        raise refusal("There is nothing in this file.")
    chosen = filled[0]
    # The parts are not named like the sheets: with several, an error anywhere is taken for ours.
    errors = frozenset[int]().union(*inside.errors.values())
    return _excel_rows(chosen, errors), tuple(sheet.name for sheet in filled[1:])


def _excel_rows(sheet: CalamineSheet, errors: frozenset[int]) -> Iterator[SheetRow]:
    merged = {
        number
        for (top, _left), (bottom, _right) in sheet.merged_cell_ranges or ()
        for number in range(top + 1, min(bottom, MOST_ROWS) + 2)
    }
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        fault = MERGED if number in merged else ERROR if number in errors else None
        yield SheetRow(number, tuple(cells), fault)


# --- CSV ---------------------------------------------------------------------------------


def _csv(content: bytes) -> Iterator[SheetRow]:
    text = _decoded(content)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    before = 0
    try:
        for cells in reader:
            yield SheetRow(before + 1, tuple(cells))
            before = reader.line_num
    except csv.Error as error:
        raise refusal(
            f"This file cannot be read from line {before + 1} on: look for a quotation mark that "
            "is not closed. Saving the list as an Excel workbook (.xlsx) helps too."
        ) from error


def _decoded(content: bytes) -> str:
    """The text in the encoding it most likely has."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise refusal("This is not a list. Choose an Excel workbook (.xlsx) or a CSV file.")


def _encodings(content: bytes) -> Sequence[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Latin letters in UTF-16 have a zero in every other byte.
    if content[1:200:2].count(0) > len(content[:200]) // 3:
        return ("utf-16-le",)
    if content[0:200:2].count(0) > len(content[:200]) // 3:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def _separator(text: str) -> str:
    """What parts the headings: a comma, a semicolon or a tab, whichever comes most often."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", first)
    return max(_SEPARATORS, key=outside.count)
