"""Which rows point at a person, and pointing them at another: every table there is, by itself.

A table added later is moved like the others, unless it is named here with the reason it stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.orm import Session

from models import Base, Person

_STAYS = {
    "concerns.person_id": "the database refuses to change them: they are read through the join",
    "own_times.person_id": "sealed: read through the join, so that joining shows nothing of it",
    "person_merges.kept_id": "history",
    "person_merges.gone_id": "history",
    "person_tokens.person_id": "made anew",
    "two_people.person_id": "said of these two records, whatever they are joined to",
    "two_people.other_person_id": "said of these two records, whatever they are joined to",
}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column that points at a person, and the one that names the row."""

    column: Column[Any]
    key: Column[Any]
    unique: tuple[tuple[tuple[Column[Any], ...], ColumnElement[bool] | None], ...]

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.column.table.name}.{self.column.name}"

    def to_move(self, db: Session, kept: int, gone: int) -> list[int]:
        """The rows of the gone record, but for those the kept one has already."""
        staying = set(self._clashing(db, kept, gone))
        found = db.scalars(select(self.key).where(self.column == gone).order_by(self.key))
        return [number for number in found if number not in staying]

    def move(self, db: Session, numbers: Sequence[int], *, old: int, new: int) -> None:
        """Point these rows from one person at the other; nobody edited them, so versions stay."""
        if numbers:
            theirs = (self.column == old) & self.key.in_(numbers)
            db.execute(update(self.column.table).where(theirs).values({self.column: new}))

    def still_at(self, db: Session, numbers: Sequence[int], person: int) -> bool:
        """Whether all of these rows are where a move has left them."""
        query = select(self.key).where(self.column == person, self.key.in_(numbers))
        return len(set(db.scalars(query))) == len(numbers)

    def _clashing(self, db: Session, kept: int, gone: int) -> Iterator[int]:
        for others, only in self.unique:
            where = [] if only is None else [only]
            have = select(*others).where(self.column == kept, *where) if others else None
            taken = set(db.execute(have).all()) if have is not None else self._any(db, kept)
            rows = db.execute(select(self.key, *others).where(self.column == gone, *where))
            yield from (number for number, *rest in rows if tuple(rest) in taken)

    def _any(self, db: Session, kept: int) -> set[tuple[Any, ...]]:
        """For what a person has at most one of: taken, if she has one."""
        has = db.execute(select(self.key).where(self.column == kept).limit(1)).first()
        return {()} if has else set()


@cache
def pointers() -> tuple[Pointer, ...]:
    """Every column whose rows move with a person."""
    people = Base.metadata.tables[Person.__tablename__]
    found = (
        _pointer(column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is people.c.id for key in column.foreign_keys)
    )
    return tuple(pointer for pointer in found if pointer.name not in _STAYS)


def _pointer(column: Column[Any]) -> Pointer:
    table = column.table
    key = table.c.id if "id" in table.c else next(c for c in table.primary_key if c is not column)
    unique = tuple(
        (tuple(other for other in columns if other is not column), where)
        for columns, where in _unique(column)
    )
    return Pointer(column, key, unique)


def _unique(column: Column[Any]) -> Iterator[tuple[list[Column[Any]], ColumnElement[bool] | None]]:
    table = column.table
    for rule in (*table.constraints, *table.indexes):
        match rule:
            case Index(unique=False):
                continue
            case Index() as index:
                where = index.dialect_options["sqlite"]["where"]
            case UniqueConstraint() | PrimaryKeyConstraint():
                where = None
            case _:
                continue
        if column.name in rule.columns:
            yield list(rule.columns), where
