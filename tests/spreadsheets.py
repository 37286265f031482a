"""Spreadsheets for tests: as people send them, and as somebody sends them who means harm."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from services.imports.reading import Cell

Rows = Sequence[Sequence[Cell]]


def as_csv(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_excel(*sheets: Rows, merged: Sequence[str] = ()) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if hasattr(cell, "year"):
                        sheet.write_datetime(number, column, cell, day)
                    else:
                        sheet.write(number, column, cell)
            for place in merged:
                sheet.merge_range(place, "merged")
    return file.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file that calls itself a workbook."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def repacked(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part put in the place of another."""
    with ZipFile(BytesIO(workbook)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return packed(parts | {name: content})
