"""Taking a whole import back, as long as nothing has come to depend on it."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Select, Table, delete, func, select, update
from sqlalchemy.orm import Session

from models import Base, Import, ImportedRecord
from services import audit, clock
from services.errors import ConflictError, NotFoundError
from services.imports.json_values import from_json
from services.imports.kinds import KINDS
from services.imports.trail import VERSION
from services.permissions import Actor, Permission

# Made from the records themselves, and gone with them.
_DERIVED = ("person_tokens", "volunteer_tokens", ImportedRecord.__tablename__)
# What has come to depend on a record, as people say it; anything else is "other records", concerns
# and risk among it: whoever brings files in is told of nobody's.
_USES = {
    "places": "places in groups",
    "marks": "marks in registers",
    "people": "people added to a family",
    "contact_routes": "ways to reach somebody",
    "contact_plans": "contact plans",
    "contact_attempts": "attempts to reach somebody",
    "consents": "consents",
    "referrals": "referrals",
    "measurements": "measures",
    "placements": "placements",
    "stage_changes": "moves of volunteers",
    "kinships": "ties within families",
}


def undo(db: Session, actor: Actor, ref: str) -> None:
    """Take back everything an import did. Raises ConflictError saying what stands in the way."""
    actor.require(Permission.IMPORT_RECORDS)
    one = db.scalar(select(Import).where(Import.ref == ref).with_for_update())
    if one is None:
        raise NotFoundError("import")
    if one.undone_at is not None:
        raise ConflictError("This import has been undone already.")
    with KINDS[one.kind].undoing(db, one.id, actor):
        reasons = list(_reasons(db, one))
        if reasons:
            raise ConflictError(
                "This import cannot be undone any more, because records of it have been used "
                f"since: {', '.join(reasons)}. Nothing was changed."
            )
        _restore(db, one)
        _remove(db, one)
    one.undone_at, one.undone_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "import.undone", f"import:{ref}", added=one.added, changed=one.changed)


def _reasons(db: Session, one: Import) -> Iterator[str]:
    """What has happened since that undoing would lose, each with how often."""
    touched = _touched(db, one)
    if since := sum(_changed_since(db, one, table) for table in touched):
        yield f"changes ({since})"
    uses: Counter[str] = Counter()
    for table in Base.metadata.sorted_tables:
        if table.name in _DERIVED:
            continue
        uses[_USES.get(table.name, "other records")] += sum(
            _uses(db, one, table, target) for target in touched if target.name != table.name
        )
    yield from (f"{name} ({times})" for name, times in uses.items() if times)


def _touched(db: Session, one: Import) -> list[Table]:
    """The tables in which this import added or changed records, parents first."""
    query = select(ImportedRecord.record_table).where(ImportedRecord.import_id == one.id).distinct()
    names = set(db.scalars(query))
    return [table for table in Base.metadata.sorted_tables if table.name in names]


def _changed_since(db: Session, one: Import, table: Table) -> int:
    """How many records are another version than the import left, or are gone."""
    if VERSION not in table.c:
        return 0
    times = 0
    query = (
        select(ImportedRecord.before, table.c.version)
        .outerjoin(table, table.c.id == ImportedRecord.record_id)
        .where(ImportedRecord.import_id == one.id, ImportedRecord.record_table == table.name)
    )
    for before, version in db.execute(query):
        times += version != (1 if before is None else before[VERSION])
    return times


def _uses(db: Session, one: Import, table: Table, target: Table) -> int:
    """How many rows of a table, other than this import's own, point at what it added to another."""
    times = 0
    for column in table.columns:
        if any(key.column.table is target for key in column.foreign_keys):
            query = select(func.count()).where(column.in_(_added(one, target)))
            if "id" in table.c:
                query = query.where(table.c.id.not_in(_added(one, table)))
            times += db.scalar(query) or 0
    return times


def _added(one: Import, table: Table) -> Select[int]:
    return select(ImportedRecord.record_id).where(
        ImportedRecord.import_id == one.id,
        ImportedRecord.record_table == table.name,
        ImportedRecord.before.is_(None),
    )


def _remove(db: Session, one: Import) -> None:
    """Delete what was added, children before parents."""
    for table in reversed(_touched(db, one)):
        db.execute(delete(table).where(table.c.id.in_(_added(one, table))))


def _restore(db: Session, one: Import) -> None:
    """Put back what was changed."""
    for table in _touched(db, one):
        query = select(ImportedRecord.record_id, ImportedRecord.before).where(
            ImportedRecord.import_id == one.id,
            ImportedRecord.record_table == table.name,
            ImportedRecord.before.is_not(None),
        )
        for number, before in db.execute(query).all():
            if before is not None:
                _put_back(db, table, number, before)


def _put_back(db: Session, table: Table, number: int, before: dict[str, object]) -> None:
    values = from_json(table, {name: old for name, old in before.items() if name != VERSION})
    if VERSION in table.c:
        values[VERSION] = table.c.version + 1
    db.execute(update(table).where(table.c.id == number).values(values))
