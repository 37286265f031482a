"""Whether somebody is in the records already, and which two records may be one person's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from models import Person
from services.merging.likeness import POSSIBLE, Known, Likeness, likeness
from services.permissions import Actor, Permission
from services.search import PEOPLE, keys, phones_of
from services.search.finding import MOST_WORDS, in_use, with_each
from services.search.names import normalised
from services.search.phones import plain_number
from services.visibility import visible_people

MOST_SHOWN = 10
_MOST_COMPARED = 200  # of each way: nobody's name is so common that more would tell them more


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the records who may be the person asked about."""

    ref: str
    name: str
    date_of_birth: date | None
    score: int  # of 100
    reasons: tuple[str, ...]  # "same date of birth", "first name sounds alike"


def candidates(
    db: Session,
    actor: Actor,
    *,
    first_name: str,
    last_name: str,
    date_of_birth: date | None = None,
    phone: str | None = None,
) -> list[Candidate]:
    """Whom this may be, of those the reader may see: the most likely first, ten at most.

    Few are read: those whose hashes say that both names, or one and the birthday, or the
    telephone are near. One of both names may have a slip of the pen in it.
    """
    actor.require(Permission.READ_PEOPLE)
    number = plain_number(phone or "")
    asked = Known(
        first_names=(first_name,),
        last_name=last_name,
        born=date_of_birth,
        phones=frozenset([number] if number else []),
    )
    rows = {
        row.id: row
        for ways in _near(db, asked)
        for row in db.execute(_compared(actor).where(ways).limit(_MOST_COMPARED))
    }
    phones = phones_of(db, list(rows)) if number else {}
    found = [
        _candidate(row, likeness(asked, known(row, phones.get(row.id, ()))))
        for row in rows.values()
    ]
    likely = [one for one in found if one.score >= POSSIBLE]
    return sorted(likely, key=lambda one: (-one.score, one.name))[:MOST_SHOWN]


def known(row: Row[*tuple[Any, ...]], phones: Collection[str] = ()) -> Known:
    """What is compared of a record as `_compared` reads it."""
    return Known(
        first_names=tuple(name for name in (row.first_name, row.known_as) if name),
        last_name=row.last_name,
        born=row.date_of_birth,
        phones=frozenset(number for text in phones if (number := plain_number(text))),
    )


def _compared(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Person.ref,
            Person.first_name,
            Person.last_name,
            Person.known_as,
            Person.date_of_birth,
        )
        .where(visible_people(actor))
        .order_by(Person.id.desc())
    )


def _near(db: Session, asked: Known) -> list[ColumnElement[bool]]:
    """The ways to be near: both names alike; one name and the birthday; the telephone."""
    kind = PEOPLE.name
    first, last = (
        [token for name in names for token in keys.near(kind, name)]
        for names in (asked.first_names, (asked.last_name,))
    )
    ways = [_has(first, last)] if first and last else []
    first_slips, last_slips = _slips(db, asked)
    ways += [_has(*both) for both in ((first_slips, last), (first, last_slips)) if all(both)]
    if asked.born is not None:
        ways.append(_has(keys.same_birth(kind, asked.first_names, asked.last_name, asked.born)))
    if asked.phones:
        ways.append(_has([t for number in asked.phones for t in keys.reference(kind, number)]))
    return ways


def _slips(db: Session, asked: Known) -> list[list[str]]:
    """Of first and last names a letter off from hers, the hashes that are anybody's."""
    typed = [
        [
            token
            for name in names
            for word in normalised(name)[:MOST_WORDS]
            for token in keys.mistyped(PEOPLE.name, word[: keys.MAX_PREFIX])
        ]
        for names in (asked.first_names, (asked.last_name,))
    ]
    used = in_use(db, PEOPLE, [token for tokens in typed for token in tokens])
    return [[token for token in tokens if token in used] for tokens in typed]


def _has(*sets: list[str]) -> ColumnElement[bool]:
    """Whoever has one of each: found as a whole, since PostgreSQL would ask person by person."""
    return Person.id.in_(with_each(PEOPLE, sets))


def _candidate(row: Row[*tuple[Any, ...]], alike: Likeness) -> Candidate:
    name = f"{row.first_name} {row.last_name}"
    return Candidate(row.ref, name, row.date_of_birth, alike.score, alike.reasons)
