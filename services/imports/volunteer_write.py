"""Writing what a spreadsheet of volunteers changes: who is new, and what is known of the others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportedRecord, Stage, StageChange, Volunteer, new_ref
from services import clock, search
from services.bulk import batches
from services.imports.plan import Plan, PlannedRow, State
from services.imports.trail import Change, Trail
from services.imports.volunteer_plan import COLUMNS
from services.permissions import Actor

_AT_ONCE = 5_000


def write(trail: Trail, plan: Plan) -> None:
    """Add who is new and bring up to date who changed, then make them findable."""
    new, changed = plan.of(State.NEW), plan.of(State.CHANGED)
    trail.expected = 2 * len(new) + len(changed)
    for some in batches(new, _AT_ONCE):
        volunteers = [
            _volunteer(number, row)
            for number, row in zip(trail.numbers(Volunteer, len(some)), some, strict=True)
        ]
        trail.add(Volunteer, volunteers)
        _begin(trail, volunteers)
        search.index_new(
            trail.db, search.VOLUNTEERS, {one["id"]: _found_by(one) for one in volunteers}
        )
    for changes in batches(changed, _AT_ONCE):
        trail.change(Volunteer, [_change(row) for row in changes])
        search.rebuild(trail.db, search.VOLUNTEERS, [row.record.id for row in changes])


@contextmanager
def undoing(db: Session, import_id: int, _by: Actor) -> Iterator[None]:
    """Undo inside the block; whoever was there before the import is found as she was before it."""
    changed = select(ImportedRecord.record_id).where(
        ImportedRecord.import_id == import_id,
        ImportedRecord.record_table == Volunteer.__tablename__,
        ImportedRecord.before.is_not(None),
    )
    numbers = db.scalars(changed).all()
    yield
    for some in batches(numbers, _AT_ONCE):
        search.rebuild(db, search.VOLUNTEERS, some)


def _volunteer(number: int, row: PlannedRow) -> dict[str, Any]:
    return {
        "id": number,
        "ref": new_ref(),
        "stage": row.values.get("stage", Stage.INTEREST),
        "stage_since": row.values.get("stage_since", clock.today()),
        "owner_id": None,
        "created_at": clock.now(),
        **{column: row.values.get(column) for column in COLUMNS},
    }


def _begin(trail: Trail, volunteers: list[dict[str, Any]]) -> None:
    """The first step of each on her way."""
    numbers = trail.numbers(StageChange, len(volunteers))
    trail.add(
        StageChange,
        [
            {
                "id": number,
                "volunteer_id": one["id"],
                "to_stage": one["stage"],
                "changed_on": one["stage_since"],
                "account_id": trail.actor.account_id,
            }
            for number, one in zip(numbers, volunteers, strict=True)
        ],
    )


def _change(row: PlannedRow) -> Change:
    old = {field: row.record.values[field] for field in row.changes}
    return Change(row.record.id, row.record.version, row.changes, old)


def _found_by(one: Mapping[str, Any]) -> search.Particulars:
    return search.Particulars(
        first_names=(one["first_name"],),
        last_names=(one["last_name"],),
        phones=(one["phone"],) if one["phone"] else (),
    )
