"""Finding the participants the rows of a spreadsheet are about, all of them at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ContactRoute, Person, Route, RouteAnswer
from services.bulk import batches
from services.imports import find_names
from services.imports.checking import Row
from services.imports.find_names import AT_ONCE, FULL_NAME
from services.imports.layout import Values
from services.imports.person_layout import name_and_birth
from services.permissions import Actor, Permission
from services.search import PEOPLE, keys
from services.search.names import normalised
from services.visibility import importable_people

COLUMNS = (
    "earlier_reference",
    *FULL_NAME,
    "known_as",
    "date_of_birth",
    "kind",
    "language",
    "needs_interpreter",
    "access_needs",
)
ROUTES = {"phone": Route.CALL, "email": Route.EMAIL}


@dataclass(frozen=True, slots=True)
class KnownRoute:
    """A number or address that is kept already, and whether it was ever called safe."""

    id: int
    version: int
    address: str | None
    was_agreed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is here already, as she stands."""

    id: int
    version: int
    family_id: int
    values: Values
    routes: dict[Route, KnownRoute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Who fits a row: by a reference, or else by name and date of birth.

    `perhaps` are those of her name where a date of birth is missing on one side.
    """

    people: tuple[Known, ...]
    by_reference: bool = False
    perhaps: bool = False


def find(db: Session, actor: Actor, rows: Sequence[Row], *, lock: bool = False) -> dict[int, Found]:
    """For each row, by its number, who fits it of those this person may bring up to date."""
    actor.require(Permission.IMPORT_RECORDS)
    by_reference = _by_reference(db, rows)
    rest = [row for row in rows if not by_reference[row.number] and find_names.is_named(row.values)]
    by_name = find_names.by_name(db, PEOPLE, rest)
    wanted = {one for found in (*by_reference.values(), *by_name.values()) for one in found}
    known = _load(db, actor, wanted, lock=lock)
    return {
        row.number: _whole_reference(row, by_reference, known)
        or _same_name(row.values, by_name.get(row.number, set()), known)
        for row in rows
    }


def _whole_reference(
    row: Row, by_reference: dict[int, set[int]], known: dict[int, Known]
) -> Found | None:
    people = tuple(known[one] for one in sorted(by_reference[row.number]) if one in known)
    return Found(people, by_reference=True) if people else None


def _same_name(values: Values, numbers: Collection[int], known: dict[int, Known]) -> Found:
    if not find_names.is_named(values):
        return Found(())
    first, last, born = name_and_birth(values)
    named = [
        known[one]
        for one in sorted(numbers)
        if one in known and name_and_birth(known[one].values)[:2] == (first, last)
    ]
    same = [one for one in named if one.values["date_of_birth"] == born]
    if same or (born is not None and all(one.values["date_of_birth"] for one in named)):
        return Found(tuple(same))
    return Found(tuple(named), perhaps=bool(named))


def _by_reference(db: Session, rows: Sequence[Row]) -> dict[int, set[int]]:
    """Row number to the people with its earlier reference, or else with its code."""
    earlier = {row.number: row.values.get("earlier_reference", "") for row in rows}
    tokens = {number: keys.reference(PEOPLE.name, text) for number, text in earlier.items() if text}
    having = find_names.having(db, PEOPLE, {token for some in tokens.values() for token in some})
    found = {
        number: {one for token in tokens.get(number, ()) for one in having[token]}
        for number in earlier
    }
    found = _without_namesakes(db, found, earlier)
    codes = _by_code(db, {row.values["code"] for row in rows if "code" in row.values})
    for row in rows:
        if not found[row.number] and row.values.get("code") in codes:
            found[row.number] = {codes[row.values["code"]]}
    return found


def _without_namesakes(
    db: Session, found: dict[int, set[int]], earlier: dict[int, str]
) -> dict[int, set[int]]:
    """Only those who have the reference itself: a telephone number may hash like one."""
    everybody = {one for people in found.values() for one in people}
    references = _references(db, everybody)
    return {
        number: {one for one in people if _mark(earlier[number]) in references[one]}
        for number, people in found.items()
    }


def _references(db: Session, numbers: Collection[int]) -> defaultdict[int, set[str]]:
    """Each person's earlier reference, with those of the records joined to hers."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for some in batches(numbers, AT_ONCE):
        for whose in (Person.id, Person.merged_into_id):
            query = select(whose, Person.earlier_reference).where(
                whose.in_(some), Person.earlier_reference.is_not(None)
            )
            for number, reference in db.execute(query):
                found[number or 0].add(_mark(reference or ""))
    return found


def _by_code(db: Session, codes: Collection[str]) -> dict[str, int]:
    """Code to the person it stands for today: of two joined records the one that was kept."""
    query = select(Person.code, Person.merged_into_id, Person.id)
    return {
        code: merged or number
        for some in batches(codes, AT_ONCE)
        for code, merged, number in db.execute(query.where(Person.code.in_(some)))
    }


def _load(db: Session, actor: Actor, numbers: Collection[int], *, lock: bool) -> dict[int, Known]:
    known: dict[int, Known] = {}
    query = select(
        Person.id,
        Person.version,
        Person.family_id,
        *(getattr(Person, column) for column in COLUMNS),
    ).where(importable_people(actor))
    for some in batches(numbers, AT_ONCE):
        chosen = query.where(Person.id.in_(some)).order_by(Person.id)
        for row in db.execute(chosen.with_for_update() if lock else chosen):
            values: dict[str, Any] = {column: getattr(row, column) for column in COLUMNS}
            known[row.id] = Known(row.id, row.version, row.family_id, values)
        _load_routes(db, known, some)
    return known


def _load_routes(db: Session, known: dict[int, Known], numbers: Collection[int]) -> None:
    query = select(
        ContactRoute.person_id,
        ContactRoute.route,
        ContactRoute.id,
        ContactRoute.version,
        ContactRoute.address,
        ContactRoute.answer,
    ).where(ContactRoute.person_id.in_(numbers), ContactRoute.route.in_(ROUTES.values()))
    for person, route, number, version, address, answer in db.execute(query):
        if person in known:
            agreed = answer is not RouteAnswer.NO
            known[person].routes[route] = KnownRoute(number, version, address, agreed)


def _mark(reference: str) -> str:
    return "".join(normalised(reference))
