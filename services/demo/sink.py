"""Where invented rows collect until they go into the database, many at once, in order."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Column, Enum
from sqlalchemy.orm import Session

from models import Base
from models.base import UTCDateTime
from models.encryption import EncryptedDate, EncryptedJSON, EncryptedText, encrypt
from services import bulk
from services.bulk import Stored
from services.tallies import Cell

_ROWS_AT_ONCE = 100_000
_Convert = Callable[[Any], Stored]


class Sink:
    """Rows of every table, numbered from 1 in the order they come, and what they count for."""

    def __init__(self, db: Session) -> None:
        self.counts: Counter[Cell] = Counter()
        self._db = db
        self._made: Counter[type[Base]] = Counter()
        self._rows: defaultdict[type[Base], list[list[Stored]]] = defaultdict(list)
        self._waiting = 0

    def add(self, model: type[Base], **values: Any) -> int:
        """Keep one row, its values as the application has them, and give back its number."""
        self._made[model] += 1
        number: int = values.setdefault("id", self._made[model])
        plan = _plan(model)
        row: list[Stored] = list(map(values.get, plan.columns))
        for position, default in plan.defaults:
            if row[position] is None:
                row[position] = default
        for position, convert in plan.conversions:
            if row[position] is not None:
                row[position] = convert(row[position])
        self._rows[model].append(row)
        self._waiting += 1
        return number

    def made(self, model: type[Base]) -> int:
        """How many rows of a table there are so far."""
        return self._made[model]

    def flush_when_many(self) -> None:
        """To be called where every row's parents are in: keeps memory small at any size."""
        if self._waiting >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Put everything that waits into the database, parents before children."""
        by_table = {model.__tablename__: model for model in self._rows}
        for table in Base.metadata.sorted_tables:
            if table.name in by_table:
                model = by_table[table.name]
                bulk.insert(self._db, table, _plan(model).columns, self._rows.pop(model))
        self._waiting = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a row of a table comes about: its columns, and by position what is filled in and how."""

    columns: tuple[str, ...]
    defaults: tuple[tuple[int, Stored], ...]
    conversions: tuple[tuple[int, _Convert], ...]


@cache
def _plan(model: type[Base]) -> _Plan:
    columns = Base.metadata.tables[model.__tablename__].columns
    versions = model.__mapper__.version_id_col
    defaults = [1 if column is versions else _default(column) for column in columns]
    conversions = map(_conversion, columns)
    return _Plan(
        columns=tuple(column.name for column in columns),
        defaults=tuple((n, default) for n, default in enumerate(defaults) if default is not None),
        conversions=tuple((n, convert) for n, convert in enumerate(conversions) if convert),
    )


def _default(column: Column[Any]) -> Any:
    default = column.default
    if default is None or not default.is_scalar:
        return None
    return getattr(default, "arg", None)


def _conversion(column: Column[Any]) -> _Convert | None:
    kind = column.type
    if isinstance(kind, EncryptedText):
        return encrypt
    if isinstance(kind, EncryptedDate):
        return lambda day: encrypt(day.isoformat())
    if isinstance(kind, EncryptedJSON):
        return lambda answers: encrypt(json.dumps(answers, sort_keys=True))
    if isinstance(kind, Enum):
        return lambda member: member.value
    if isinstance(kind, UTCDateTime):
        # The marks of a session share one instant: it is turned into text once, by the caller.
        return lambda at: at if isinstance(at, str) else bulk.stored_instant(at)
    return bulk.stored if kind.python_type in (date, datetime, time) else None
