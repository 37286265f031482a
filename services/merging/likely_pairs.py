"""Which two records may be of one person: found by the hashes they share, page by page."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from models import Person, PersonToken
from services.merging.duplicates import known
from services.merging.likeness import POSSIBLE, Likeness, likeness
from services.merging.two_people import is_noted
from services.permissions import Actor, Permission
from services.visibility import visible_people

PAGE = 20
# Pairs that share a hash, so many at a time and so many times a page: what it costs at most.
_AT_ONCE, _TIMES = 30, 14
# Made once: an alias made anew learns its columns anew.
_ONE, _OTHER = aliased(PersonToken), aliased(PersonToken)
Position: TypeAlias = tuple[str, int, int]  # the hash, and the two records


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the older first, how likely they are of one person, and why."""

    one: Side
    other: Side
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some pairs, and where to go on; `after` is None at the end."""

    pairs: tuple[Pair, ...]
    after: Position | None


def likely_pairs(db: Session, actor: Actor, *, after: Position | None = None) -> PairPage:
    """The next pairs of records that may be of one person, of those the reader may see."""
    actor.require(Permission.MERGE_PEOPLE)
    pairs: dict[tuple[int, int], Pair] = {}
    for _ in range(_TIMES):
        shared = _sharing(db, after)
        full_at = _compare(db, actor, shared, pairs)
        after = full_at or (shared[-1] if len(shared) == _AT_ONCE else None)
        if full_at or after is None:
            break
    return PairPage(_ordered(pairs), after)


def _compare(
    db: Session, actor: Actor, shared: list[Position], pairs: dict[tuple[int, int], Pair]
) -> Position | None:
    """Add the likely ones among those that share a hash; where the page is full, if it is."""
    records = _records(db, actor, {number for _, *two in shared for number in two})
    for token, one, other in shared:
        if one in records and other in records and (one, other) not in pairs:
            alike = likeness(known(records[one]), known(records[other]))
            if _is_likely(records[one], records[other], alike):
                pairs[one, other] = Pair(_side(records[one]), _side(records[other]), alike)
        if len(pairs) == PAGE:
            return token, one, other
    return None


def _sharing(db: Session, after: Position | None) -> list[Position]:
    """Two records that share a hash, the older first, in the order of the hashes."""
    one, other = _ONE, _OTHER
    query = (
        select(one.token, one.person_id, other.person_id)
        .join(
            other,
            and_(other.token == one.token, other.person_id > one.person_id, other.is_likeness),
        )
        .where(one.is_likeness, ~is_noted(one.person_id, other.person_id).exists())
        .order_by(one.token, one.person_id, other.person_id)
        .limit(_AT_ONCE)
    )
    if after is not None:
        query = query.where(tuple_(one.token, one.person_id, other.person_id) > after)
        query = query.where(one.token >= after[0])  # what an index begins at
    return [(token, first, second) for token, first, second in db.execute(query)]


def _records(db: Session, actor: Actor, numbers: set[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    query = select(
        Person.id,
        Person.ref,
        Person.family_id,
        Person.kind,
        Person.first_name,
        Person.last_name,
        Person.known_as,
        Person.date_of_birth,
    ).where(Person.id.in_(numbers), visible_people(actor))
    return {row.id: row for row in db.execute(query)}


def _is_likely(one: Row[*tuple[Any, ...]], other: Row[*tuple[Any, ...]], alike: Likeness) -> bool:
    """Brothers and sisters born on one day share a name and a birthday, and are two."""
    if one.kind is not other.kind:
        return False
    twins = one.family_id == other.family_id and not alike.same_first_name
    return alike.score >= POSSIBLE and not twins


def _side(row: Row[*tuple[Any, ...]]) -> Side:
    return Side(row.ref, f"{row.first_name} {row.last_name}")


def _ordered(pairs: dict[tuple[int, int], Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs.values(), key=lambda pair: -pair.likeness.score))
