"""Paper: what a template is filled with stands on it, letter by letter, for every reader."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typst import TypstError

from services import printing
from services.config import DATA
from tests.paper import pages_of, sheets_of, words_of


def _values(**changes: Any) -> dict[str, Any]:
    line = {"name": "Ruth", "mark": None, "needs": ""}
    values = {
        "organisation": "Trust of tests",
        "printed": "Thursday 26 November 2026, 2pm",
        "code_name": "Willow",
        "session": "Session 1 of 3: Welcome",
        "when": "Thursday 26 November 2026, 10am to 12pm",
        "needs": False,
        "unseen": 0,
        "lines": [line],
        "codes": [{"letter": "P", "label": "Attended"}],
    }
    return values | changes


def test_what_a_sheet_is_filled_with_can_be_read_from_it() -> None:
    words = words_of(printing.pdf("register", _values()))
    for expected in ("Willow", "Ruth", "Trust of tests", "Thursday 26 November 2026, 2pm"):
        assert expected in words


@pytest.mark.parametrize(
    "typed",
    ['#panic("no")', "*bold* _x_ = [y] $z$ @ref <tag> //", '\\ " #import "x"', "#sys.inputs"],
)
def test_what_somebody_typed_is_never_obeyed(typed: str) -> None:
    line = {"name": typed, "mark": None, "needs": ""}
    words = words_of(printing.pdf("register", _values(lines=[line])))
    assert typed.replace(" ", "") in words.replace(" ", "").replace("\n", "")


def test_a_sheet_is_tagged_names_its_language_and_has_a_title() -> None:
    made = printing.pdf("register", _values())
    for part in (b"/MarkInfo<</Marked true", b"/Lang(en-GB)", b"/StructTreeRoot", b"/S/TH"):
        assert part in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


@pytest.mark.parametrize("name", ["Łukasz", "Ольга", "عائشة", "王芳", "অদিতি"])
def test_a_name_in_any_script_makes_a_sheet(name: str) -> None:
    line = {"name": name, "mark": None, "needs": ""}
    assert printing.pdf("register", _values(lines=[line])).startswith(b"%PDF-")


def test_a_fault_in_a_template_is_not_hidden() -> None:
    values = _values()
    del values["lines"]
    with pytest.raises(TypstError):
        printing.pdf("register", values)


def test_no_template_fetches_anything() -> None:
    for template in (DATA / "print").glob("*.typ"):
        assert not re.search(r"@preview|@local|https?:", template.read_text())


def test_the_foot_names_the_organisation_and_the_moment(db: Session) -> None:
    assert printing.letterhead(db) == {
        "organisation": "Lantern House",
        "printed": "Wednesday 16 September 2026, 1:30pm",
    }


def test_a_file_says_nothing_about_anybody() -> None:
    assert re.fullmatch(r"sheet-\d{8}-\d{6}\.pdf", printing.file_name())


def test_a_short_table_of_a_report_stays_on_one_sheet() -> None:
    """Its last row, the total, stood alone at the head of the next."""
    rows = [[f"Answer {number}", str(number)] for number in range(8)] + [["Total", "36"]]
    part = {"columns": ["Answer", "Number"], "rows": rows, "says": [], "chart": None}
    tables = [{"title": f"Question {number}", **part} for number in range(12)]
    section = {"title": "Answers", "intro": "", "tables": tables, "lines": []}
    made = printing.pdf(
        "report",
        {
            "title": "Report", "organisation": "Juniper House", "reader": "Trustees",
            "period": "2025", "made": "today", "by": "Leila", "notes": [], "refused": [],
            "versions": [], "sections": [section],
            "printed": "Thursday 26 November 2026, 2pm",
        },
    )  # fmt: skip

    for sheet in sheets_of(made):
        assert sheet.count("Question") == sheet.count("Total")
    assert pages_of(made) > 2
