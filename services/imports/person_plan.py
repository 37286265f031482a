"""What a spreadsheet of participants would do: who is new, who changes, and who cannot be told."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.imports.checking import ROW, Checked, Problems, Row
from services.imports.find_names import FULL_NAME
from services.imports.layout import Values
from services.imports.person_find import COLUMNS, ROUTES, Found, Known, find
from services.imports.person_layout import KIND_BY_AGE
from services.imports.plan import PlannedRow, State, failed, once_each
from services.permissions import Actor, Permission
from services.search.names import normalised
from services.search.phones import plain_number

NO_SUCH_CODE = "Nobody here has this reference. Leave the cell empty to add somebody new."
ADULT_OR_CHILD = "Say whether this is an adult or a child, or give a date of birth."
SEVERAL = "More than one record fits this row. Put her Alongside reference in the list."
PERHAPS = (
    "Somebody of this name is here, and a date of birth is missing on one side. Give it, or her "
    "Alongside reference, to say whether this is her."
)
OTHER_REFERENCE = (
    "Somebody with this name and date of birth is here under another reference. Put her Alongside "
    "reference in the list if this is her."
)
SOMEBODY_ELSE = (
    "Another name and date of birth stand under this reference here. Check the reference."
)
SEVERAL_FAMILIES = "The others of this family are in different families here. Leave this empty."
AGREED = "Kept as agreed with her: {fields}."


def plan(db: Session, actor: Actor, checked: Checked, *, lock: bool = False) -> list[PlannedRow]:
    """One planned row for each row of the sheet, in its order."""
    actor.require(Permission.IMPORT_RECORDS)
    found = find(db, actor, checked.good, lock=lock)
    rows = [
        _planned(row, found[row.number])
        if not row.problems
        else failed(row.number, row.values, row.problems)
        for row in checked.rows
    ]
    return _without_doubt_about_families(once_each(rows))


def family_here(rows: list[PlannedRow]) -> dict[str, set[int]]:
    """For each family of the file, the families its members already here are in."""
    here: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.record is not None and "family" in row.values:
            here[row.values["family"]].add(row.record.family_id)
    return here


def _planned(row: Row, found: Found) -> PlannedRow:
    problems = _doubt(row, found)
    if problems:
        return failed(row.number, row.values, problems)
    if not found.people:
        return PlannedRow(number=row.number, state=State.NEW, values=row.values)
    (known,) = found.people
    changes, kept = _changes(row.values, known)
    return PlannedRow(
        number=row.number,
        state=State.CHANGED if changes else State.UNCHANGED,
        values=row.values,
        record=known,
        changes=changes,
        note=AGREED.format(fields=", ".join(kept)) if kept else "",
    )


def _doubt(row: Row, found: Found) -> Problems:
    if found.perhaps:
        return {ROW: PERHAPS}
    if len(found.people) > 1:
        return {ROW: SEVERAL}
    if not found.people:
        return _missing(row.values)
    if found.by_reference and is_somebody_else(row.values, found.people[0].values):
        return {ROW: SOMEBODY_ELSE}
    hers = found.people[0].values["earlier_reference"]
    given = row.values.get("earlier_reference", hers)
    if not found.by_reference and hers and given != hers:
        return {"earlier_reference": OTHER_REFERENCE}
    return {}


def _missing(values: Values) -> Problems:
    """What a row must say when nobody is here yet."""
    if "code" in values:
        return {"code": NO_SUCH_CODE}
    return {} if "kind" in values else {"kind": ADULT_OR_CHILD}


def is_somebody_else(values: Values, hers: Values) -> bool:
    """Whether nothing fits but the reference: she may marry, but not be born anew as well."""
    is_alike = any(normalised(values[name]) == normalised(hers[name]) for name in FULL_NAME)
    born = values.get("date_of_birth")
    return not is_alike and (born is None or born != hers["date_of_birth"])


def _changes(values: Values, known: Known) -> tuple[Mapping[str, object], list[str]]:
    """The fields that change with their new values, and those left as agreed with her."""
    changes = {
        field: values[field]
        for field in COLUMNS
        if field in values and _differs(field, values, known.values[field])
    }
    kept = []
    for field, route in ROUTES.items():
        have = known.routes.get(route)
        if field not in values or (have and _same_address(have.address, values[field])):
            continue
        if have and have.was_agreed:
            kept.append(field)
        else:
            changes[field] = values[field]
    return changes, kept


def _differs(field: str, values: Values, hers: object) -> bool:
    if field == "kind" and KIND_BY_AGE in values:
        return False
    if field in FULL_NAME:
        # Written in capitals or without accents, a name is still hers as she gave it.
        return normalised(values[field]) != normalised(str(hers))
    return bool(values[field] != hers)


def _same_address(hers: str | None, given: str) -> bool:
    def plain(address: str) -> str:
        return plain_number(address) or address.casefold()

    return hers is not None and plain(hers) == plain(given)


def _without_doubt_about_families(rows: list[PlannedRow]) -> list[PlannedRow]:
    here = family_here(rows)
    return [
        failed(row.number, row.values, {"family": SEVERAL_FAMILIES})
        if row.state is State.NEW and len(here.get(row.values.get("family", ""), ())) > 1
        else row
        for row in rows
    ]
