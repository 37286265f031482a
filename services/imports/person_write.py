"""Writing what a spreadsheet of participants changes: families, people, and how they are found."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    ContactRoute,
    Family,
    ImportedRecord,
    Person,
    RouteAnswer,
    new_code,
    new_ref,
)
from services import clock, search
from services.bulk import batches
from services.imports.person_find import COLUMNS, ROUTES
from services.imports.person_plan import family_here
from services.imports.plan import Plan, PlannedRow, State
from services.imports.trail import Change, Trail
from services.permissions import Actor

_AT_ONCE = 5_000


def write(trail: Trail, plan: Plan) -> None:
    """Add who is new and bring up to date who changed, then make them findable."""
    new, changed = plan.of(State.NEW), plan.of(State.CHANGED)
    trail.expected = 3 * len(new) + 2 * len(changed)
    people = dict(zip(trail.numbers(Person, len(new)), new, strict=True))
    families = _families(trail, list(plan.rows), new)
    for some in batches(people.items(), _AT_ONCE):
        trail.add(Person, [_person(number, row, families) for number, row in some])
        _add_routes(
            trail, [(number, field, row.values) for number, row in some for field in ROUTES]
        )
        found_by = {number: _found_by(row.values) for number, row in some}
        search.index_new(trail.db, search.PEOPLE, found_by)
    for changes in batches(changed, _AT_ONCE):
        _change(trail, changes)


@contextmanager
def undoing(db: Session, import_id: int, _by: Actor) -> Iterator[None]:
    """Undo inside the block; whoever was there before the import is found as she was before it."""
    touched = select(ImportedRecord.record_id).where(ImportedRecord.import_id == import_id)
    in_table = ImportedRecord.record_table
    people = set(db.scalars(touched.where(in_table == Person.__tablename__)))
    routes = touched.where(in_table == ContactRoute.__tablename__)
    people.update(db.scalars(select(ContactRoute.person_id).where(ContactRoute.id.in_(routes))))
    yield
    for some in batches(sorted(people), _AT_ONCE):
        left = db.scalars(select(Person.id).where(Person.id.in_(some))).all()
        search.rebuild(db, search.PEOPLE, left)


def _families(trail: Trail, rows: list[PlannedRow], new: list[PlannedRow]) -> dict[int, int]:
    """Row number to the family she joins: one that is here, or a new one."""
    here = {family: next(iter(numbers)) for family, numbers in family_here(rows).items()}
    # Whoever names no family has one to herself.
    joins = {row.number: row.values.get("family", row.number) for row in new}
    fresh = list(dict.fromkeys(family for family in joins.values() if family not in here))
    numbers = dict(zip(fresh, trail.numbers(Family, len(fresh)), strict=True)) | here
    now = clock.now()
    trail.add(
        Family,
        [{"id": numbers[family], "ref": new_ref(), "created_at": now} for family in fresh],
    )
    return {row: numbers[family] for row, family in joins.items()}


def _person(number: int, row: PlannedRow, families: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": number,
        "ref": new_ref(),
        "code": new_code(),
        "family_id": families[row.number],
        "created_at": clock.now(),
        **{column: row.values.get(column) for column in COLUMNS},
    }


def _found_by(values: Mapping[str, Any]) -> search.Particulars:
    return search.Particulars(
        first_names=tuple(values[name] for name in ("first_name", "known_as") if name in values),
        last_names=(values["last_name"],),
        phones=tuple(values[name] for name in ("phone",) if name in values),
        references=tuple(values[name] for name in ("earlier_reference",) if name in values),
        born=values.get("date_of_birth"),
    )


def _add_routes(trail: Trail, wanted: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
    """Numbers and addresses, not safe to use: nobody has been asked yet."""
    given = [(person, field, values[field]) for person, field, values in wanted if field in values]
    numbers = trail.numbers(ContactRoute, len(given))
    trail.add(
        ContactRoute,
        [
            {
                "id": number,
                "person_id": person,
                "route": ROUTES[field],
                "answer": RouteAnswer.NO,
                "address": address,
            }
            for number, (person, field, address) in zip(numbers, given, strict=True)
        ],
    )


def _change(trail: Trail, rows: Sequence[PlannedRow]) -> None:
    trail.change(Person, _person_changes(rows))
    trail.change(ContactRoute, _route_changes(rows))
    missing = [
        (row.record.id, field, row.changes)
        for row in rows
        for field, route in ROUTES.items()
        if route not in row.record.routes
    ]
    _add_routes(trail, missing)
    search.rebuild(trail.db, search.PEOPLE, [row.record.id for row in rows])


def _person_changes(rows: Sequence[PlannedRow]) -> Iterator[Change]:
    for row in rows:
        new = {field: value for field, value in row.changes.items() if field in COLUMNS}
        if new:
            old = {field: row.record.values[field] for field in new}
            yield Change(row.record.id, row.record.version, new, old)


def _route_changes(rows: Sequence[PlannedRow]) -> Iterator[Change]:
    for row in rows:
        for field, route in ROUTES.items():
            if field in row.changes and route in row.record.routes:
                known = row.record.routes[route]
                old = {"address": known.address}
                yield Change(known.id, known.version, {"address": row.changes[field]}, old)
