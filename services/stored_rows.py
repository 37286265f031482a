"""Records as the application has them, in the form their tables keep: for many at once."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Enum
from sqlalchemy.orm import Session

from models import Base
from models.base import UTCDateTime
from models.encryption import EncryptedBytes, EncryptedDate, EncryptedJSON, EncryptedText, encrypt
from services import bulk
from services.bulk import Stored

_Convert = Callable[[Any], Stored]
_ENCRYPTIONS: dict[type, _Convert] = {
    EncryptedText: encrypt,
    EncryptedBytes: lambda content: encrypt(b64encode(content).decode()),
    EncryptedDate: lambda day: encrypt(day.isoformat()),
    EncryptedJSON: lambda answers: encrypt(json.dumps(answers, sort_keys=True)),
}


@dataclass(frozen=True, slots=True)
class RowPlan:
    """How a row of a table comes about: its columns, and by position what is filled in and how."""

    columns: tuple[str, ...]
    defaults: tuple[tuple[int, Stored], ...]
    conversions: tuple[tuple[int, _Convert], ...]

    def row(self, values: Mapping[str, Any]) -> list[Stored]:
        """The row for these values, encrypted where the table is, in the order of the columns."""
        row: list[Stored] = list(map(values.get, self.columns))
        for position, default in self.defaults:
            if row[position] is None:
                row[position] = default
        for position, convert in self.conversions:
            if row[position] is not None:
                row[position] = convert(row[position])
        return row


def insert(db: Session, model: type[Base], records: Iterable[Mapping[str, Any]]) -> None:
    """Add records, each with the number it was given, in this transaction."""
    plan, table = row_plan(model), Base.metadata.tables[model.__tablename__]
    bulk.insert(db, table, plan.columns, map(plan.row, records))


@cache
def row_plan(model: type[Base]) -> RowPlan:
    columns = Base.metadata.tables[model.__tablename__].columns
    versions = model.__mapper__.version_id_col
    defaults = [1 if column is versions else _default(column) for column in columns]
    conversions = map(_conversion, columns)
    return RowPlan(
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
    if isinstance(kind, bulk.ENCRYPTED):
        return _ENCRYPTIONS[type(kind)]
    if isinstance(kind, Enum):
        return lambda member: member.value
    if isinstance(kind, UTCDateTime):
        # The marks of a session share one instant: it is turned into text once, by the caller.
        return lambda at: at if isinstance(at, str) else bulk.stored_instant(at)
    is_plain = isinstance(kind, JSON) or kind.python_type in (date, datetime, time)
    return bulk.stored if is_plain else None
