"""Reading an uploaded file: what is understood, and what is refused in a plain sentence."""

from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInputError
from services.imports import reading
from services.imports.reading import ERROR, MERGED, TOO_LONG, TOO_WIDE, Sheet
from tests.spreadsheets import Rows, as_csv, as_excel, packed, repacked

ROWS: Rows = [["Name", "Town"], ["Zoë Łęcka", "Bury"], ["Dana Okoro", "Ely"]]
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def cells(sheet: Sheet) -> list[list[object]]:
    return [list(sheet.headings), *(list(row.cells) for row in sheet.rows)]


def refusal(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(InvalidInputError) as refused:
        reading.read(name, content)
    assert list(refused.value.problems) == ["file"]
    return str(refused.value)


# --- What is read ------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_file_is_read_in_any_unicode_encoding(encoding: str) -> None:
    assert cells(reading.read("list.csv", as_csv(ROWS, encoding))) == ROWS


def test_a_csv_file_of_an_older_windows_is_read() -> None:
    rows: Rows = [["Name", "Note"], ["Zoë O’Brien", "café – 10 €"]]
    assert cells(reading.read("list.csv", as_csv(rows, "cp1252"))) == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_be_parted_by_commas_semicolons_or_tabs(delimiter: str) -> None:
    assert cells(reading.read("list.csv", as_csv(ROWS, delimiter=delimiter))) == ROWS


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    content = b'\nName,Note\n\n,\nDana,"two\nlines"\nIvy,\n'
    sheet = reading.read("list.csv", content)
    assert [row.number for row in sheet.rows] == [5, 7]


def test_an_excel_file_gives_values_and_days() -> None:
    rows: Rows = [["Name", "Born", "Age"], ["Dana", date(1988, 6, 3), 38.0]]
    assert cells(reading.read("list.xlsx", as_excel(rows))) == rows


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named() -> None:
    sheet = reading.read("list.xlsx", as_excel([], ROWS, [["x"]]))
    assert cells(sheet) == ROWS
    assert sheet.left_out == ("Sheet3",)


def test_formulas_give_their_values_and_errors_are_said(tmp_path: object) -> None:
    from io import BytesIO

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Name", "Sum"])
        page.write_row(1, 0, ["Dana"])
        page.write_formula(1, 1, "=1+1", None, 2)
        page.write_row(2, 0, ["Ivy"])
        page.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    first, second = reading.read("list.xlsx", file.getvalue()).rows
    assert (first.cells, first.fault) == (("Dana", 2.0), None)
    assert second.fault == ERROR


def test_rows_with_merged_cells_are_told_so_and_others_are_not() -> None:
    rows: Rows = [["Name", "Town"], ["Dana", "Ely"], ["Ivy", "Bury"]]
    sheet = reading.read("list.xlsx", as_excel(rows, merged=["A4:A5"]))
    assert [row.fault for row in sheet.rows] == [None, None, MERGED]


def test_marks_nobody_sees_are_left_out_and_right_to_left_names_stay() -> None:
    rows: Rows = [["Name"], ["\u202aدانا\u202c\u00a0عمر "], ["'=Okoro"], ["💜 Ivy"]]
    sheet = reading.read("list.csv", as_csv(rows))
    assert [row.cells[0] for row in sheet.rows] == ["دانا عمر", "=Okoro", "💜 Ivy"]


def test_a_row_that_does_not_fit_is_told_so() -> None:
    sheet = reading.read("list.csv", as_csv([["Name"], ["Dana", "Ely"], ["x" * 20_000], ["Ivy"]]))
    assert [row.fault for row in sheet.rows] == [TOO_WIDE, TOO_LONG, None]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_put_into_a_list_comes_out_of_it(rows: list[list[str]], encoding: str) -> None:
    body = [[reading.tidy(cell) or "-" for cell in row] for row in rows]
    table = [["First", "Second", "Third"], *body]
    assert cells(reading.read("list.csv", as_csv(table, encoding))) == table


# --- What is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\n,,\n", "nothing in this sheet"),
        (b"Name,Town\n", "no rows beneath"),
        (b"Name,name\nDana,Ivy\n", "same heading"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\xef\xbb\xbf\n<HTML><table><tr><td>Name</td></tr><tr><td>Dana", "a web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x01\x02", "not a list"),
        (b"\xff\xfe\x00", "not a list"),
        (b"Name\nDana\x00Okoro", "not a list"),
        (b'Name,Town\n"Dana,Ely\nIvy,Bury\n', "line 2"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"x" * 10_000_001, "larger than 10 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "older kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_more_columns_than_a_list_of_people_has_are_refused() -> None:
    wide = [[f"c{n}" for n in range(2_000)], ["x"] * 2_000]
    assert "too large" in refusal(as_csv(wide))
    assert "too large" in refusal(as_excel(wide))


def test_more_rows_than_are_read_at_once_are_refused() -> None:
    assert "too large" in refusal(b"Name\n" + b"Dana\n" * 60_001)


def test_macros_and_other_packed_files_are_refused() -> None:
    workbook = as_excel(ROWS)
    assert "macros" in refusal(repacked(workbook, "xl/vbaProject.bin", b"x"))
    assert "not an Excel file" in refusal(packed({"word/document.xml": b"x"}))
    assert "binary" in refusal(packed({"xl/workbook.bin": b"x"}))


def test_merged_headings_are_refused() -> None:
    assert "Unmerge them" in refusal(as_excel(ROWS, merged=["A1:B1"]))


def test_a_file_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(as_excel(ROWS), "xl/media/picture.bin", b"\0" * 250_000_000)
    assert len(bomb) < 1_000_000
    assert "unpacks to far more" in refusal(bomb)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    workbook = repacked(as_excel(ROWS), SHEET, HEAD + b" " * 1_000_000 + TAIL)
    size = (len(HEAD) + len(TAIL) + 1_000_000).to_bytes(4, "little")
    assert size in workbook
    assert "damaged" in refusal(workbook.replace(size, (100).to_bytes(4, "little")))


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_before_the_sheet_is_laid_out() -> None:
    corner = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    workbook = repacked(as_excel(ROWS), SHEET, HEAD + corner + TAIL)
    assert "too large" in refusal(workbook)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    for whole in (content, b"PK\x03\x04" + content):
        try:
            sheet = reading.read("list", whole)
        except InvalidInputError:
            continue
        assert all(len(row.cells) == len(sheet.headings) for row in sheet.rows)
