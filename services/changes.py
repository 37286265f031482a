"""What this process has changed, by table and column: how long an answer stands hangs on it.

Statements themselves say what is read and what is changed, so no service has to. A word that is
a table's name and another thing's besides counts as the table's, and so does a column's that stands
without its table: rather read once too often. See docs/decisions/0034, 0035 and 0038.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event

from models import Base, Tally

Names = frozenset[str]  # a table, for its rows; "table.column" for what stands in them

_WORD = re.compile(r"\w+")
_COLUMN = re.compile(r'(?:(\w+)"?\.)?"?(\w+)')  # after its table or its alias, where it has one
_ALIAS = re.compile(r'(\w+)"? AS "?(\w+)')
_CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
_TARGET = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
_SETS = re.compile(r'UPDATE\s+"?\w+"?\s+SET\s+(.*?)(?:\sWHERE\s|$)', re.DOTALL)
# The kept counts are of many kinds, and each has pages of its own: a mark changes few of them.
_COUNTS, _SOME_COUNTS = Tally.__tablename__, "some tallies"
_FROM_COUNTS = re.compile(r"(?:FROM|JOIN|,)\s+tallies\b(?!\.)")
_OF_KINDS = re.compile(r"\btallies\.kind (?:=|IN) ")
_open: ContextVar[tuple["Touched", ...]] = ContextVar("blocks being watched", default=())
_one_at_a_time = Lock()
_count = 0  # of commits that changed anything
_changed: dict[str, int] = {}  # at which of them a table or column was changed last
_all_changed = 0  # at which of them anything may have been
_log_end: int | None = None  # the end of the audit log, known before anything is kept


class Touched:
    """What the statements of one block read and changed."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.changed: set[str] = set()


@contextmanager
def watched() -> Iterator[Touched]:
    """What this thread's statements touch until the block ends."""
    touched = Touched()
    held = _open.set((*_open.get(), touched))
    try:
        yield touched
    finally:
        _open.reset(held)


def is_watching() -> bool:
    """Whether what this thread's statements touch is noted now."""
    return bool(_open.get())


def has_read(names: Iterable[str]) -> None:
    """For what is answered without a statement, from what was read before."""
    for touched in _open.get():
        touched.read.update(names)


def has_changed(names: Iterable[str]) -> None:
    """For what is changed without a statement: tables, if their rows come or go."""
    for touched in _open.get():
        touched.changed.update(names)


def so_far() -> int:
    """How many commits there were: what is read from now on has seen them all."""
    return _count


def stands(names: Names, since: int) -> bool:
    """Whether nothing of this was changed after so many commits."""
    return _all_changed <= since and all(_changed.get(name, 0) <= since for name in names)


def committed(names: Iterable[str], log: tuple[int, int] | None) -> None:
    """Tell that these were changed, with entries from one end of the log to another."""
    global _count  # noqa: PLW0603 - one for the process
    with _one_at_a_time:
        _count += 1
        _changed.update(dict.fromkeys(names, _count))
        if log is not None:
            _follow(*log)


def hear(end: int) -> None:
    """The log ends here: where no commit of ours led, another process has changed something."""
    with _one_at_a_time:
        if _log_end is None or end > _log_end:
            _follow(end, end)


def _follow(before: int, end: int) -> None:
    global _count, _all_changed, _log_end  # noqa: PLW0603 - one for the process
    if _log_end not in (None, before, end):
        _count += 1
        _all_changed = _count
    _log_end = end


def forget() -> None:
    """Another database may be in use from now on."""
    global _all_changed, _count, _log_end  # noqa: PLW0603 - one for the process
    with _one_at_a_time:
        _count += 1
        _all_changed, _log_end = _count, None


@event.listens_for(Engine, "before_cursor_execute")
def _sent(_connection: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
    if not _open.get():
        return
    reads, names = _understood(sql)
    if _COUNTS in names:
        names = _of_kinds(reads, names, sql, values)
    if reads:
        has_read(names)
    else:
        has_changed(names)


@lru_cache(1_000)
def _understood(sql: str) -> tuple[bool, Names]:
    """Whether a statement only reads, and the names it reads; else those it changes."""
    if sql.startswith("SELECT") or (sql.startswith("WITH") and not _CHANGES.search(sql)):
        return True, _read_by(sql)
    return False, _changed_by(sql)


def _read_by(sql: str) -> Names:
    tables = _tables(sql)
    return tables | _columns(tables, sql)


def _changed_by(sql: str) -> Names:
    """The columns an update sets, where it says so plainly; else the table, with those whose rows
    it reaches by deleting."""
    tables = _tables(sql)
    if target := _TARGET.match(sql):
        tables &= {target[1]}
    if (sets := _SETS.match(sql)) and "SELECT" not in sets[1]:
        return _columns(tables, sets[1])
    if sql.startswith("DELETE"):
        return tables.union(*(_hanging_on()[table] for table in tables))
    return tables


def _of_kinds(reads: bool, names: Names, sql: str, values: Any) -> Names:
    """The same, with the kinds of kept counts that are bound in the statement.

    Any other text that is bound counts as a kind as well. What asks for all kinds hangs on each,
    and what changes counts without saying of which kind changes all.
    """
    rows = values if isinstance(values, list) else [values]
    bound = (value for row in rows for value in (row.values() if isinstance(row, dict) else row))
    kinds = {f"tallies of {value}" for value in bound if isinstance(value, str)}
    if reads:
        by_kind = len(_OF_KINDS.findall(sql)) == len(_FROM_COUNTS.findall(sql))
        return names | (kinds if by_kind else {_SOME_COUNTS})
    if kinds and sql.startswith("INSERT") and "SELECT" not in sql:
        return (names - {_COUNTS}) | kinds | {_SOME_COUNTS}
    return names


def _tables(sql: str) -> Names:
    return frozenset(Base.metadata.tables.keys() & set(_WORD.findall(sql)))


def _columns(tables: Names, sql: str) -> Names:
    """Those of these tables that are named."""
    called = {alias: table for table, alias in _ALIAS.findall(sql) if table in tables}
    return frozenset(
        f"{table}.{column}"
        for owner, column in set(_COLUMN.findall(sql))
        for table in ({called.get(owner, owner)} & tables if owner else tables)
        if column in Base.metadata.tables[table].columns
    )


@cache
def _hanging_on() -> dict[str, set[str]]:
    """For each table those whose rows go, or change, as its own are deleted."""
    direct: dict[str, set[str]] = {name: set() for name in Base.metadata.tables}
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_keys:
            if key.ondelete in ("CASCADE", "SET NULL"):
                direct[key.column.table.name].add(name)
    for _ in direct:  # further and further away, until nothing more is reached
        reached = {name: on.union(*(direct[one] for one in on)) for name, on in direct.items()}
        if reached == direct:
            break
        direct = reached
    return direct
