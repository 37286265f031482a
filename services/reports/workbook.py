"""A report as an Excel workbook: a sheet a section, real tables, and Excel's own charts.

Every text is written as text: what a person typed into a form or a name can never be obeyed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

_WIDTH, _FIRST_WIDTH = 14, 46
_MOST_BARS = 24
_ONE_NUMBER = 3  # columns of a table with one number a row, and its share
_CHART_ROWS = 16


def workbook(report: Mapping[str, Any], made_at: datetime) -> bytes:
    """The workbook of a frozen report, made when that was: the same again to the last byte."""
    file = BytesIO()
    # In memory, and nothing in it taken for a formula or an address.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter

    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        bold, large = book.add_format({"bold": True}), book.add_format({"bold": True, "size": 16})
        _front(book.add_worksheet("Report"), report, large)
        for number, section in enumerate(report["sections"], start=1):
            if section["tables"] or section["lines"]:
                sheet = book.add_worksheet(f"{number} {section['title']}"[:31])
                _section(book, sheet, number, section, (bold, large))
    return file.getvalue()


def _front(sheet: Any, report: Mapping[str, Any], large: Any) -> None:
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, report["title"], large)
    lines = [
        f"{report['organisation']}, for {report['reader']}",
        report["period"],
        f"Made on {report['made']} by {report['by']}",
        *report["notes"],
        *(f"Left out, beside what was released before: {one}" for one in report["refused"]),
        "Made with: " + "; ".join(report["versions"]),
    ]
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)


def _section(
    book: Any, sheet: Any, number: int, section: Mapping[str, Any], formats: Sequence[Any]
) -> None:
    bold, large = formats
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, 8, _WIDTH)
    sheet.write_string(0, 0, section["title"], large)
    sheet.write_string(1, 0, section["intro"])
    row = 3
    for place, table in enumerate(section["tables"]):
        sheet.write_string(row, 0, table["title"], bold)
        row = _table(book, sheet, row + 1, f"Section{number}Table{place + 1}", table)
        for sentence in table["says"]:
            sheet.write_string(row, 0, sentence)
            row += 1
        row += 1
    for sentence in section["lines"]:
        sheet.write_string(row, 0, sentence)
        row += 1


def _table(book: Any, sheet: Any, row: int, name: str, table: Mapping[str, Any]) -> int:
    """A real table with Excel's own chart beside it; the first row beneath both."""
    columns, rows = table["columns"], table["rows"]
    last = row + len(rows)
    sheet.add_table(
        row,
        0,
        last,
        len(columns) - 1,
        {
            "name": name,
            "columns": [{"header": heading} for heading in _unlike(columns)],
            "autofilter": False,
            "style": "Table Style Light 1",
        },
    )
    for down, cells in enumerate(rows, start=row + 1):
        for across, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(down, across, cell)
            else:
                sheet.write_string(down, across, cell)
    return max(last + 1, row + _chart(book, sheet, row, table))


def _chart(book: Any, sheet: Any, row: int, table: Mapping[str, Any]) -> int:
    """Bars of the numbers shown, without the totals; how many rows it takes up.

    A table of two columns has a piece of each bar for every value. A hidden number is text, and
    has no bar.
    """
    columns, bars = table["columns"], table["rows"][:-1]
    parts = [1] if len(columns) <= _ONE_NUMBER else range(1, len(columns) - 1)
    shown = any(isinstance(cells[part], int) for cells in bars for part in parts)
    if not 1 < len(bars) <= _MOST_BARS or not shown:
        return 0
    chart = book.add_chart({"type": "bar", **({"subtype": "stacked"} if len(parts) > 1 else {})})
    last = row + len(bars)
    for part in parts:
        chart.add_series(
            {
                "name": columns[part],
                "categories": [sheet.get_name(), row + 1, 0, last, 0],
                "values": [sheet.get_name(), row + 1, part, last, part],
            }
        )
    chart.set_title({"name": table["title"], "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"} if len(parts) > 1 else {"none": True})
    chart.set_y_axis({"reverse": True})
    tall = max(_CHART_ROWS, len(bars) + 6)
    chart.set_size({"width": 560, "height": 20 * (tall - 1)})
    sheet.insert_chart(row, len(columns) + 1, chart, {"description": table["title"]})
    return tall


def _unlike(headings: Sequence[str]) -> list[str]:
    """Excel wants every heading of a table to differ, whatever the case of its letters."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        times = seen[heading.casefold()] = seen.get(heading.casefold(), 0) + 1
        found.append(heading if times == 1 else f"{heading} ({times})")
    return found
