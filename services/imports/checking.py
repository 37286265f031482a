"""Every row of a sheet understood and checked, before anything is written. Pure."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from services.errors import InvalidInputError
from services.imports.archive import FILE
from services.imports.layout import Layout, Rule, Values
from services.imports.reading import Sheet, SheetRow

if TYPE_CHECKING:
    import pandera.pandas as pandera

ROW: Final = ""  # the field of what is wrong with a whole row
Problems = dict[str, str]  # field → sentence
Match = Mapping[str, str | None]  # heading → field, or None to leave the column out


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spreadsheet, what was understood, and what was not."""

    number: int
    values: Values
    problems: Problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet whose rows have been understood and checked."""

    layout: Layout
    sheet: Sheet
    match: Match
    rows: tuple[Row, ...]
    replaces: bool = False  # whether what differs is to be written over

    @property
    def good(self) -> list[Row]:
        """The rows nothing is wrong with."""
        return [row for row in self.rows if not row.problems]


def check(layout: Layout, sheet: Sheet, match: Match, *, replaces: bool = False) -> Checked:
    """Understand and check every row. Raises InvalidInputError when needed columns are missing."""
    columns = _columns(layout, sheet, match)
    rows = [_understood(layout, row, columns) for row in sheet.rows]
    _check_rules(layout, rows)
    _refuse_twins(layout, rows)
    return Checked(layout, sheet, match, tuple(rows), replaces)


def _columns(layout: Layout, sheet: Sheet, match: Match) -> list[tuple[int, str]]:
    """Position and field of each column that is used."""
    used = [
        (position, field)
        for position, heading in enumerate(sheet.headings)
        if (field := match.get(heading)) is not None
    ]
    fields = [field for _position, field in used]
    twice = next((field for field in fields if fields.count(field) > 1), None)
    if twice:
        label = layout.field(twice).label
        raise InvalidInputError({FILE: f"Two columns are matched to “{label}”. Leave one out."})
    if not any(needed <= set(fields) for needed in layout.columns):
        raise InvalidInputError({FILE: layout.columns_missing})
    return used


def _understood(layout: Layout, row: SheetRow, columns: Sequence[tuple[int, str]]) -> Row:
    values: Values = {}
    problems: Problems = {ROW: row.fault} if row.fault else {}
    readers = _readers(layout)
    for position, field in columns:
        cell = row.cells[position]
        if cell == "":
            continue
        try:
            values[field] = readers[field](cell)
        except ValueError as error:
            problems[field] = str(error)
    return Row(row.number, layout.settle(values), problems)


def _readers(layout: Layout) -> dict[str, Callable[[Any], object]]:
    return {field.key: field.read for field in layout.fields}


def _check_rules(layout: Layout, rows: Sequence[Row]) -> None:
    """Note what breaks a rule; a field that was not understood has been spoken of already."""
    import pandera.pandas as pandera

    fields = sorted({*layout.needed, *(field for rule in layout.rules for field in rule.of)})
    frame = pd.DataFrame(
        [[row.values.get(field) for field in fields] for row in rows], columns=fields, dtype=object
    )
    schema = _schema(layout, fields)
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        for case in found.failure_cases.itertuples(index=False):
            _note(layout, schema, rows[int(case.index)].problems, case)


def _schema(layout: Layout, fields: Sequence[str]) -> "pandera.DataFrameSchema":
    import pandera.pandas as pandera

    columns = {
        field: pandera.Column(object, nullable=field not in layout.needed) for field in fields
    }
    checks = [
        pandera.Check(_over_rows(rule), name=rule.field, error=rule.sentence, ignore_na=False)
        for rule in layout.rules
    ]
    return pandera.DataFrameSchema(columns, checks=checks)


def _over_rows(rule: Rule) -> Callable[[pd.DataFrame], "pd.Series[bool]"]:
    """The rule as a question about a whole frame: true where a row has not all it is about."""

    def holds(frame: pd.DataFrame) -> "pd.Series[bool]":
        rows = zip(*(frame[field] for field in rule.of), strict=True)
        return pd.Series(
            [any(value is None for value in row) or bool(rule.holds(*row)) for row in rows],
            index=frame.index,
            dtype=bool,
        )

    return holds


def _note(layout: Layout, schema: "pandera.DataFrameSchema", problems: Problems, case: Any) -> None:
    if case.check == "not_nullable":
        problems.setdefault(case.column, layout.needed[case.column])
        return
    problems.setdefault(str(schema.checks[int(case.check_number)].name), case.check)


def _refuse_twins(layout: Layout, rows: Sequence[Row]) -> None:
    """The second of two rows about the same record is told where the first one is."""
    seen: dict[Hashable, int] = {}
    for row in rows:
        if row.problems:
            continue
        known = layout.identities(row.values)
        first = next((seen[key] for key in known if key in seen), None)
        if first is not None:
            row.problems[ROW] = (
                f"This row is about the same as row {first}. "
                "Keep one, or add what tells them apart."
            )
            continue
        seen.update(dict.fromkeys(known, row.number))
