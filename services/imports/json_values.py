"""Values of records as JSON and back: for what an import keeps of how a record was. Pure."""

import enum
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Enum, Table
from sqlalchemy.types import TypeEngine

from models.base import UTCDateTime
from models.encryption import EncryptedDate


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON has them."""
    return {name: _plain(value) for name, value in values.items()}


def from_json(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns of the table have them."""
    return {name: _meant(table.c[name].type, value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def _meant(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, EncryptedDate):
        return date.fromisoformat(value)
    return kind.python_type.fromisoformat(value) if kind.python_type in (date, time) else value
