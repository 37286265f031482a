"""The hashes people are found by: made anew for a record whenever what it is found by changes."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Base,
    ContactRoute,
    Person,
    PersonToken,
    Route,
    Volunteer,
    VolunteerToken,
)
from models.encryption import newest_index
from services import bulk
from services.bulk import Stored
from services.search.keys import Hashed, Particulars, likenesses, stored

PHONE_ROUTES = (Route.CALL, Route.TEXT, Route.VOICEMAIL, Route.WHATSAPP)
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record people look for, and where its hashes lie."""

    name: str
    model: type[Person] | type[Volunteer]
    tokens: type[PersonToken] | type[VolunteerToken]
    owner: InstrumentedAttribute[int]  # whose hash it is


PEOPLE = Kind("person", Person, PersonToken, PersonToken.person_id)
VOLUNTEERS = Kind("volunteer", Volunteer, VolunteerToken, VolunteerToken.volunteer_id)


def reindex(db: Session, person_id: int) -> None:
    """Make a participant's hashes anew: after a change of her names, reference or telephone."""
    rebuild(db, PEOPLE, [person_id])


def rebuild(db: Session, kind: Kind, numbers: Collection[int]) -> None:
    """Make the hashes of these records anew, under the newest key."""
    db.flush()
    db.execute(delete(kind.tokens).where(kind.owner.in_(numbers)))
    index_new(db, kind, particulars(db, kind, numbers))


def index_new(db: Session, kind: Kind, known: Mapping[int, Particulars]) -> None:
    """Give records that have no hashes yet theirs, from what is known of each."""
    table = Base.metadata.tables[kind.tokens.__tablename__]
    # In the order they lie in, so that a page of the table is written once.
    hashed = cache(newest_index)  # for this call alone: names are not kept in memory
    rows = sorted(row for number, one in known.items() for row in _rows(kind, number, one, hashed))
    bulk.insert(db, table, [column.name for column in table.columns], rows)


def index_everybody(db: Session) -> int:
    """Give whoever cannot be found yet her hashes, and say how many that were.

    After a migration that emptied the hashes, which only the data key can make again.
    """
    return sum(len(numbers) for kind in (PEOPLE, VOLUNTEERS) for numbers in _not_found(db, kind))


def _not_found(db: Session, kind: Kind) -> Iterator[Sequence[int]]:
    last = 0
    hashes = exists().where(kind.owner == kind.model.id)
    while True:
        query = select(kind.model.id).where(kind.model.id > last, ~hashes)
        if kind is PEOPLE:
            query = query.where(Person.merged_into_id.is_(None))
        numbers = db.scalars(query.order_by(kind.model.id).limit(ROWS_AT_ONCE)).all()
        if not numbers:
            return
        rebuild(db, kind, numbers)
        yield numbers
        last = numbers[-1]


def particulars(db: Session, kind: Kind, numbers: Collection[int]) -> dict[int, Particulars]:
    """What each of these records is found by; nothing for one that was joined to another."""
    return _people(db, numbers) if kind is PEOPLE else _volunteers(db, numbers)


def _people(db: Session, numbers: Collection[int]) -> dict[int, Particulars]:
    """With the names and references of the records that were joined to each of them."""
    columns = (
        Person.id,
        Person.merged_into_id,
        Person.first_name,
        Person.last_name,
        Person.known_as,
        Person.earlier_reference,
        Person.date_of_birth,
    )
    hers = or_(Person.id.in_(numbers), Person.merged_into_id.in_(numbers))
    records: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(select(*columns).where(hers).order_by(Person.id)):
        records[row.merged_into_id or row.id].append(row)
    phones = phones_of(db, numbers)
    return {
        number: Particulars(
            first_names=tuple(
                name for row in records[number] for name in (row.first_name, row.known_as) if name
            ),
            last_names=tuple(row.last_name for row in records[number]),
            phones=tuple(phones[number]),
            references=tuple(
                row.earlier_reference for row in records[number] if row.earlier_reference
            ),
            born=next((row.date_of_birth for row in records[number] if row.id == number), None),
        )
        for number in numbers
        if number in records
    }


def phones_of(db: Session, numbers: Collection[int]) -> dict[int, list[str]]:
    """The telephone numbers of these people, as they were written."""
    query = select(ContactRoute.person_id, ContactRoute.address).where(
        ContactRoute.person_id.in_(numbers),
        ContactRoute.route.in_(PHONE_ROUTES),
        ContactRoute.address.is_not(None),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for number, address in db.execute(query):
        found[number].append(address or "")
    return found


def _volunteers(db: Session, numbers: Collection[int]) -> dict[int, Particulars]:
    columns = (Volunteer.id, Volunteer.first_name, Volunteer.last_name, Volunteer.phone)
    return {
        number: Particulars(
            first_names=(first,), last_names=(last,), phones=(phone,) if phone else ()
        )
        for number, first, last, phone in db.execute(
            select(*columns).where(Volunteer.id.in_(numbers))
        )
    }


def _rows(
    kind: Kind, number: int, known: Particulars, hashed: Hashed
) -> Iterator[tuple[Stored, ...]]:
    """In the order of the columns."""
    for token in stored(kind.name, known, hashed):
        yield (token, number, False) if kind is PEOPLE else (token, number)
    if kind is PEOPLE:
        for token in likenesses(kind.name, known, hashed):
            yield (token, number, True)
