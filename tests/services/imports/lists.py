"""Lists as they come in, and what becomes of their rows."""

from collections.abc import Sequence

from services.imports import checking, matching, reading
from services.imports.checking import Checked
from services.imports.layout import Layout
from services.imports.plan import Plan
from tests.spreadsheets import as_csv


def checked(
    layout: Layout, headings: list[str], rows: Sequence[list[str]], *, replaces: bool = False
) -> Checked:
    """A list whose columns are matched as they are guessed."""
    sheet = reading.read("list.csv", as_csv([headings, *rows]))
    layout = layout.fitted(sheet.headings)
    match = matching.guess(layout, sheet.headings)
    return checking.check(layout, sheet, match, replaces=replaces)


def states(plan: Plan) -> list[str]:
    return [row.state.value for row in plan.rows]


def why(plan: Plan, number: int = 0) -> str:
    return " ".join(plan.rows[number].problems.values())
