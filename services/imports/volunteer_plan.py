"""What a spreadsheet of volunteers would do: who is new, who changes, and who cannot be told."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Volunteer
from services import search
from services.bulk import batches
from services.imports.checking import ROW, Checked, Row
from services.imports.find_names import AT_ONCE, FULL_NAME, by_name, plain_name
from services.imports.layout import Values
from services.imports.plan import PlannedRow, State, failed, once_each
from services.imports.volunteer_layout import contacts
from services.permissions import Actor, Permission
from services.search.names import normalised
from services.search.phones import plain_number

COLUMNS = (*FULL_NAME, "phone", "email", "note")
PERHAPS = (
    "A volunteer of this name is here with another number and address, or with none. Change them "
    "on her page if this is her, or add what tells the two apart."
)


@dataclass(frozen=True, slots=True)
class Known:
    """A volunteer who is here already."""

    id: int
    version: int
    values: Values


def plan(db: Session, actor: Actor, checked: Checked, *, lock: bool = False) -> list[PlannedRow]:
    """One planned row for each row of the sheet, in its order."""
    actor.require(Permission.IMPORT_RECORDS)
    good = checked.good
    named = by_name(db, search.VOLUNTEERS, good)
    known = _load(db, {one for some in named.values() for one in some}, lock=lock)
    rows = [
        _planned(row, [known[one] for one in sorted(named[row.number])])
        if not row.problems
        else failed(row.number, row.values, row.problems)
        for row in checked.rows
    ]
    return once_each(rows)


def _planned(row: Row, named: list[Known]) -> PlannedRow:
    alike = [one for one in named if plain_name(one.values) == plain_name(row.values)]
    same = [one for one in alike if _is_hers(row.values, one.values)]
    if len(same) > 1 or (alike and not same):
        return failed(row.number, row.values, {ROW: PERHAPS})
    if not same:
        return PlannedRow(number=row.number, state=State.NEW, values=row.values)
    changes = {
        field: row.values[field]
        for field in COLUMNS
        if field in row.values and _differs(field, row.values[field], same[0].values[field])
    }
    return PlannedRow(
        number=row.number,
        state=State.CHANGED if changes else State.UNCHANGED,
        values=row.values,
        record=same[0],
        changes=changes,
    )


def _is_hers(given: Values, hers: Values) -> bool:
    if not contacts(given) and not contacts(hers):
        return True
    return not contacts(given).isdisjoint(contacts(hers))


def _differs(field: str, given: str, hers: str | None) -> bool:
    if hers is None:
        return True
    if field in FULL_NAME:
        return normalised(given) != normalised(hers)
    if field == "phone":
        return plain_number(given) != plain_number(hers)
    return given != hers


def _load(db: Session, numbers: Collection[int], *, lock: bool) -> dict[int, Known]:
    known = {}
    for some in batches(numbers, AT_ONCE):
        query = select(
            Volunteer.id, Volunteer.version, *(getattr(Volunteer, column) for column in COLUMNS)
        ).where(Volunteer.id.in_(some))
        query = query.order_by(Volunteer.id)
        for row in db.execute(query.with_for_update() if lock else query):
            values = {column: getattr(row, column) for column in COLUMNS}
            known[row.id] = Known(row.id, row.version, values)
    return known
