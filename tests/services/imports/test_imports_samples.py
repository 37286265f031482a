"""The sample files and templates: each is understood to its last row, and says who is invented."""

from pathlib import Path

import pytest

from services.config import DATA
from services.imports import checking, matching, reading, spreadsheets
from services.imports.kinds import KINDS
from services.imports.layout import Layout

FILES = sorted((DATA / "import").iterdir())
LAYOUTS = [kind.layout for kind in KINDS.values()]


def test_there_is_a_sample_of_each_kind_in_both_forms() -> None:
    wanted = {f"{kind.value}.{form}" for kind in KINDS for form in ("csv", "xlsx")}
    assert {file.name for file in FILES} == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_sample_is_understood_row_by_row(file: Path) -> None:
    layout = next(layout for layout in LAYOUTS if layout.kind.value == file.stem)
    sheet = reading.read(file.name, file.read_bytes())
    match = matching.guess(layout, sheet.headings)
    assert None not in match.values()
    assert [row.problems for row in checking.check(layout, sheet, match).rows if row.problems] == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind.value)
def test_a_template_is_understood_column_by_column(layout: Layout) -> None:
    sheet = reading.read("template.xlsx", spreadsheets.template(layout))
    match = matching.guess(layout, sheet.headings)
    assert list(match.values()) == [field.key for field in layout.fields]
    assert checking.check(layout, sheet, match).good


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind.value)
def test_no_two_columns_of_a_kind_go_by_one_name(layout: Layout) -> None:
    words = [matching.plain(word) for field in layout.fields for word in {field.label, *field.also}]
    assert sorted(words) == sorted(set(words))
