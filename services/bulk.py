"""Many rows at once, in the form both databases store them in: how they go in and come out.

Dates and instants are text here (an instant in UTC, with microseconds), enumerations are their
values, and encrypted columns stay encrypted: what one database gives, the other takes.
"""

import gc
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Enum,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from models import Base
from models.base import UTCDateTime
from models.encryption import EncryptedBytes, EncryptedDate, EncryptedJSON, EncryptedText
from services import changes

Stored = str | int | float | bytes | None
ENCRYPTED = (EncryptedBytes, EncryptedDate, EncryptedJSON, EncryptedText)
_ROWS_AT_ONCE = 10_000
_ROOM_KILOBYTES = 32_000
T = TypeVar("T")


def stored_instant(moment: datetime) -> str:
    """An aware instant as it is stored: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def stored(value: object) -> Stored:
    """What a driver gives or takes, in the form both databases share."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value  # type: ignore[return-value] # what drivers give beside dates is stored as it is


def insert(
    db: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Stored]]
) -> None:
    """Add rows, each a sequence in the order of `columns`, in this transaction."""
    if db.get_bind().dialect.name == "postgresql":
        _copy(db, table, columns, rows)
        return
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names from the models
    for batch in batches(rows, _ROWS_AT_ONCE):
        db.connection().exec_driver_sql(statement, [tuple(row) for row in batch])


@contextmanager
def roomy(db: Session) -> Iterator[None]:
    """Let SQLite keep more of the database at hand while very many rows go in.

    With the little it has otherwise, it reads and writes the same pages over and over.
    """
    if db.get_bind().dialect.name == "postgresql":
        yield
        return
    connection = db.connection()
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = {-_ROOM_KILOBYTES}")
    yield
    connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


@contextmanager
def unswept() -> Iterator[None]:
    """Look for no garbage while very many records are made: all of them stay until the end.

    Each search would go through every one of them again, a fifth to a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def next_numbers(db: Session, table: Table, count: int) -> list[int]:
    """Numbers for so many new rows: nobody else is given them, even before the rows are in.

    On SQLite the transaction must be a writing one, which is alone.
    """
    if db.get_bind().dialect.name == "postgresql":
        taken = select(func.nextval(func.pg_get_serial_sequence(table.name, "id")))
        return list(db.scalars(taken.select_from(func.generate_series(1, count))))
    last = db.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + count + 1))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in order, so many at a time."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def read(db: Session, table: Table) -> Iterator[list[Stored]]:
    """Every row in the order of the primary key, its values in the order of the columns."""
    query = select(*map(raw, table.columns)).order_by(*table.primary_key.columns)
    for row in db.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        yield [stored(value) for value in row]


def raw(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is stored: not decrypted, not given a zone."""
    return type_coerce(column, _raw_type(column.type))


@contextmanager
def replacing_everything(db: Session) -> Iterator[None]:
    """Empty every table, for the rows that come in inside the block."""
    tables, connection = Base.metadata.sorted_tables, db.connection()
    with unguarded(db, tables):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables)}")
        else:
            for table in reversed(tables):
                connection.execute(delete(table))
        yield


@contextmanager
def unguarded(db: Session, tables: Collection[Table]) -> Iterator[None]:
    """Let rows be changed inside the block that the database otherwise only lets be added to.

    For what must reach every row, a new data key and a backup coming back, and nothing else. It
    holds for this transaction alone: until it ends, no other one can write to these tables.
    """
    connection, names = db.connection(), {table.name for table in tables}
    if connection.dialect.name == "postgresql":
        lift, put_back = "ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER"
        found = connection.exec_driver_sql(_GUARDED_TABLES).scalars()
        steps = [(lift.format(name), put_back.format(name)) for name in found if name in names]
    else:
        triggers = connection.exec_driver_sql(_TRIGGERS)
        steps = [(f"DROP TRIGGER {name}", sql) for name, on, sql in triggers if on in names]
    for before, _after in steps:
        connection.exec_driver_sql(before)
    yield
    for _before, after in steps:
        connection.exec_driver_sql(after)


def settle(db: Session) -> None:
    """After rows came in with their numbers: go on counting behind them, and plan by their size."""
    if db.get_bind().dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns:
                db.execute(text(_NEXT_NUMBER.format(table=table.name)))
    db.execute(text("ANALYZE"))


_TRIGGERS = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_GUARDED_TABLES = """
SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal
"""
_NEXT_NUMBER = """
SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0
"""


def _copy(
    db: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Stored]]
) -> None:
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    driver = db.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[union-attr]
        for row in rows:
            copy.write_row(row)
    changes.has_changed([table.name])


def _raw_type(declared: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(declared, ENCRYPTED):
        return Text()
    if isinstance(declared, UTCDateTime):
        return DateTime()
    if isinstance(declared, Enum):
        return String()
    return declared
