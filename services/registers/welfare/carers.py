"""Whom a call about a child goes to: a carer of hers, and never somebody she is kept from.

Kept from her is whoever stands on her list as somebody who must not collect her, and whoever is
noted as not to meet her, however firmly.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import (
    Collector,
    Conflict,
    Facilitation,
    Kinship,
    Person,
    PersonKind,
    Place,
    Relation,
)
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.visibility import visible_people

NOBODY = "No carer is on record whom you may call. Ask a coordinator."
_CARING = (
    Relation.MOTHER,
    Relation.FATHER,
    Relation.STEP_PARENT,
    Relation.GRANDPARENT,
    Relation.FOSTER_CARER,
    Relation.GUARDIAN,
)


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody grown up who cares for a child."""

    ref: str
    name: str


def of_children(
    db: Session, actor: Actor, child_ids: Collection[int]
) -> defaultdict[int, list[Carer]]:
    """The carers of each child whom this reader may see: those responsible for her first."""
    actor.require(Permission.RECORD_CONTACT)
    found: defaultdict[int, list[Carer]] = defaultdict(list)
    if not child_ids:
        return found
    query = _pairs().where(Kinship.relative_id.in_(child_ids), visible_people(actor))
    order = Kinship.has_responsibility.desc(), Kinship.id
    for row in _allowed(db, db.execute(query.order_by(*order)).all()):
        found[row.relative_id].append(Carer(row.Person.ref, full_name(row.Person)))
    return found


def children_of(db: Session, person_id: int) -> set[int]:
    """The children about whom this person may be called: a step of services that have asked."""
    rows = db.execute(_pairs().where(Kinship.person_id == person_id)).all()
    return {row.relative_id for row in _allowed(db, rows)}


def _pairs() -> Select[*tuple[Any, ...]]:
    return (
        select(Kinship.relative_id, Person)
        .join(Person, Person.id == Kinship.person_id)
        .where(
            or_(Kinship.relation.in_(_CARING), Kinship.has_responsibility),
            Person.kind == PersonKind.ADULT,
            Person.merged_into_id.is_(None),
        )
    )


def _allowed(db: Session, rows: Collection[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    if not rows:
        return []
    children = {row.relative_id for row in rows}
    apart = _kept_apart(db, children, {row.Person.id for row in rows})
    barred = _barred_names(db, children)
    return [
        row
        for row in rows
        if (row.relative_id, row.Person.id) not in apart
        and not (_names(row.Person) & barred[row.relative_id])
    ]


def _kept_apart(
    db: Session, children: set[int], carers: set[int]
) -> set[tuple[int | None, int | None]]:
    one, other = Conflict.person_id, Conflict.other_person_id
    query = select(one, other).where(
        Conflict.ended_at.is_(None),
        or_(and_(one.in_(children), other.in_(carers)), and_(one.in_(carers), other.in_(children))),
    )
    pairs = db.execute(query).all()
    return {(first, second) for first, second in pairs} | {
        (second, first) for first, second in pairs
    }


def _barred_names(db: Session, children: set[int]) -> defaultdict[int, set[str]]:
    query = select(Collector.person_id, Collector.name).where(
        Collector.person_id.in_(children),
        Collector.may_collect.is_(False),
        Collector.ended_at.is_(None),
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for child, name in db.execute(query):
        found[child].add(_plain(name))
    return found


def _names(person: Person) -> set[str]:
    first = {person.first_name, person.known_as or person.first_name}
    return {_plain(f"{name} {person.last_name}") for name in first}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def out_of_reach() -> ColumnElement[bool]:
    """For a query of places and people: a child whose carers are in no group that a facilitator
    of her own group has, so that nobody who takes her register could call them."""
    hers, theirs = aliased(Facilitation), aliased(Place)
    seen = (
        select(Kinship.id)
        .join(theirs, theirs.person_id == Kinship.person_id)
        .join(Facilitation, Facilitation.group_id == theirs.group_id)
        .join(hers, hers.account_id == Facilitation.account_id)
        .where(
            Kinship.relative_id == Place.person_id,
            hers.group_id == Place.group_id,
            or_(Kinship.relation.in_(_CARING), Kinship.has_responsibility),
        )
        .correlate(Place)
    )
    return and_(Person.kind == PersonKind.CHILD, ~seen.exists())
