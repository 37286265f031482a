"""What an import would do to each row's record, worked out before anything is written."""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.imports.checking import ROW, Checked, Problems
from services.imports.layout import Values


class State(enum.Enum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row: what becomes of it, and the record it is about if there is one.

    `changes` holds the new value of each field that changes; `note` says what is left as it is.
    """

    number: int
    state: State
    values: Values
    problems: Problems = field(default_factory=dict)
    record: Any = None
    changes: Mapping[str, object] = field(default_factory=dict)
    note: str = ""

    @property
    def seal(self) -> tuple[object, ...]:
        """What must not have changed between looking at a plan and doing it."""
        known = (self.record.id, self.record.version) if self.record is not None else None
        return (self.number, self.state.value, known, *sorted(self.changes))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file."""

    checked: Checked
    rows: tuple[PlannedRow, ...]

    def count(self, state: State) -> int:
        """How many rows come to this."""
        return self.counts()[state]

    def counts(self) -> Counter[State]:
        """How many rows come to each state."""
        return Counter(row.state for row in self.rows)

    def of(self, state: State) -> list[PlannedRow]:
        """The rows that come to this, in the order of the file."""
        return [row for row in self.rows if row.state is state]

    def seals(self) -> list[tuple[object, ...]]:
        """Equal for two plans that would do the same to the same records."""
        return [row.seal for row in self.rows]


def failed(number: int, values: Values, problems: Problems) -> PlannedRow:
    """A row that is left out, and why."""
    return PlannedRow(number=number, state=State.FAILED, values=values, problems=problems)


def once_each(rows: list[PlannedRow]) -> list[PlannedRow]:
    """Only the first of several rows about one record is taken."""
    first: dict[int, int] = {}
    taken = []
    for row in rows:
        if row.record is None or first.setdefault(row.record.id, row.number) == row.number:
            taken.append(row)
        else:
            sentence = f"Row {first[row.record.id]} is about this record already. Keep one of them."
            taken.append(failed(row.number, row.values, {ROW: sentence}))
    return taken
