"""What an import did to each record, kept so that it can be undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from models import Base, ImportedRecord
from services import bulk, stored_rows
from services.imports.json_values import to_json
from services.permissions import Actor

Progress: TypeAlias = Callable[[float], object]  # called with a share from 0 to 1
VERSION = "version"  # in `before`, the version the import left behind: a later one stops undoing


@dataclass(slots=True)
class Trail:
    """Writes records for one import, and notes each."""

    db: Session
    import_id: int
    actor: Actor
    progress: Progress
    expected: int = 0  # records this import will write, more or less: what progress is a share of
    _notes: list[tuple[str, int, dict[str, Any] | None]] = field(default_factory=list)

    def numbers(self, model: type[Base], count: int) -> list[int]:
        """Numbers for new records."""
        return bulk.next_numbers(self.db, Base.metadata.tables[model.__tablename__], count)

    def add(self, model: type[Base], records: Sequence[Mapping[str, Any]]) -> None:
        """Add records, each with its number in `id`."""
        stored_rows.insert(self.db, model, records)
        self._note((model.__tablename__, record["id"], None) for record in records)

    def added(self, records: Iterable[Base]) -> None:
        """Note records that are new and have been flushed, once."""
        self._note((record.__tablename__, record.id, None) for record in records)

    def change(self, model: type[Base], changes: Iterable["Change"]) -> None:
        """Change records, one at a time in the order given; each becomes a version newer."""
        done = list(changes)
        table = Base.metadata.tables[model.__tablename__]
        for fields in {tuple(sorted(change.new)) for change in done}:
            statement = (
                update(table)
                .where(
                    table.c.id == bindparam("changed_id"),
                    table.c.version == bindparam("seen_version"),
                )
                .values(version=table.c.version + 1, **{name: bindparam(name) for name in fields})
            )
            rows = [
                {"changed_id": change.number, "seen_version": change.version, **change.new}
                for change in done
                if tuple(sorted(change.new)) == fields
            ]
            self.db.connection().execute(statement, rows)
        self._note(
            (
                table.name,
                change.number,
                {VERSION: change.version + 1, **to_json(change.old)},
            )
            for change in done
        )

    def store(self) -> None:
        """Keep the notes with the import."""
        records = [
            {
                "import_id": self.import_id,
                "record_table": table,
                "record_id": number,
                "before": before,
            }
            for table, number, before in self._notes
        ]
        numbers = self.numbers(ImportedRecord, len(records))
        stored_rows.insert(
            self.db,
            ImportedRecord,
            ({"id": number, **record} for number, record in zip(numbers, records, strict=True)),
        )
        self.progress(1.0)

    def _note(self, notes: Iterable[tuple[str, int, dict[str, Any] | None]]) -> None:
        self._notes += notes
        self.progress(min(1.0, len(self._notes) / max(1, self.expected)))


@dataclass(frozen=True, slots=True)
class Change:
    """New values of some fields of one record, and what they were."""

    number: int
    version: int
    new: Mapping[str, Any]
    old: Mapping[str, Any]
