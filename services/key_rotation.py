"""A new data key: everything encrypted again under it, in small steps that may be interrupted."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Table, Text, bindparam, select, update
from sqlalchemy.orm import Session

from models import Base, ExpenseReceipt
from models.encryption import current_keys, decrypt, encrypt, use_keys
from services import bulk, keys
from services.config import settings
from services.errors import SetupError
from services.search import PEOPLE, VOLUNTEERS, rebuild

ROWS_AT_ONCE = 1_000
_ROW = "row being renewed"  # no column can be called so
# Of tables that hold files fewer: a step must fit into memory.
_FEW_AT_ONCE = {ExpenseReceipt.__tablename__: 10}


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: values encrypted again, and the row to go on after, or None at the end."""

    changed: int
    last: int | None


# The records people look for: the hashes they are found by are made anew with them.
_SEARCHED = {kind.model.__tablename__: kind for kind in (PEOPLE, VOLUNTEERS)}


def add_key() -> None:
    """Put a new key before the others in the key file, and write with it from now on.

    Raises SetupError, saying how to do it by hand, when the environment holds the keys.
    """
    if settings().data_key is not None:
        raise SetupError(
            "The data key comes from ALONGSIDE_DATA_KEY, which this command cannot change. "
            "Put a new key before the old one there, with a comma between, restart every "
            "Alongside, and run this command again. This makes a key: python -c "
            '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        )
    everything = (Fernet.generate_key().decode(), *keys.data_keys())
    keys.write_private(keys.data_key_file(), ",".join(everything))
    use_keys(everything)


def has_older_keys() -> bool:
    """Whether there is more than one key in use."""
    return len(current_keys().index_keys) > 1


@cache
def tables() -> tuple[Table, ...]:
    """The tables with anything encrypted in them."""
    return tuple(table for table in Base.metadata.sorted_tables if _encrypted(table))


def renew(db: Session, table: Table, after: int = 0) -> Step:
    """Bring the rows numbered above `after` under the newest key, as many as one step takes.

    What is under it already is left as it is, so a step may be done twice. The hashes by which
    names are found follow in the same step. Raises KeyringError for a value no key fits.
    """
    columns, newest = _encrypted(table), Fernet(keys.data_keys()[0])
    most = _FEW_AT_ONCE.get(table.name, ROWS_AT_ONCE)
    query = (
        select(table.c.id, *(bulk.raw(table.c[name]) for name in columns))
        .where(table.c.id > after)
        .order_by(table.c.id)
        .limit(most)
        .with_for_update()
    )
    rows = db.execute(query).all()
    changed = 0
    renewed: list[dict[str, Any]] = []
    for number, *values in rows:
        stale = [value is not None and not _is_under(newest, value) for value in values]
        if any(stale):
            fresh = [
                encrypt(decrypt(value)) if old else value
                for value, old in zip(values, stale, strict=True)
            ]
            renewed.append({_ROW: number, **dict(zip(columns, fresh, strict=True))})
            changed += sum(stale)
    if renewed:
        _write(db, table, columns, renewed)
        _renew_searches(db, table, [row[_ROW] for row in renewed])
    return Step(changed, rows[-1].id if len(rows) == most else None)


def _write(db: Session, table: Table, columns: list[str], rows: list[dict[str, Any]]) -> None:
    # Given its own type, a value is written as it is instead of being encrypted once more.
    as_stored = {name: bindparam(name, type_=Text()) for name in columns}
    statement = update(table).where(table.c.id == bindparam(_ROW)).values(as_stored)
    with bulk.unguarded(db, [table]):
        db.connection().execute(statement, rows)


def _renew_searches(db: Session, table: Table, numbers: list[int]) -> None:
    if kind := _SEARCHED.get(table.name):
        rebuild(db, kind, numbers)


def _encrypted(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, bulk.ENCRYPTED)]


def _is_under(key: Fernet, value: str) -> bool:
    try:
        key.decrypt(value.encode())
    except InvalidToken:
        return False
    return True
