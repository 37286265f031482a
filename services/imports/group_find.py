"""The groups that the rows of a list may be about, as they stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    SEATED_PLACES,
    Account,
    Facilitation,
    Group,
    GroupSession,
    Place,
    PlaceState,
)
from services.bulk import batches
from services.imports.checking import Row
from services.imports.find_names import AT_ONCE
from services.imports.group_layout import plain_code
from services.imports.layout import Values
from services.permissions import Actor, Permission
from services.visibility import importable_groups


@dataclass(frozen=True, slots=True)
class Known:
    """A group that is here already."""

    id: int
    version: int
    programme: str
    starts_on: date
    ends_on: date
    values: Values
    seated: int
    facilitators: frozenset[str]


def load(
    db: Session, actor: Actor, rows: Sequence[Row], *, lock: bool
) -> defaultdict[str, list[Known]]:
    """The groups that do not end before the first of the list, by their names as compared."""
    actor.require(Permission.IMPORT_RECORDS)
    found: defaultdict[str, list[Known]] = defaultdict(list)
    if not rows:
        return found
    names = {plain_code(row.values["code_name"]) for row in rows}
    query = (
        select(Group)
        .where(importable_groups(actor), Group.ends_on >= min(r.values["first_day"] for r in rows))
        .order_by(Group.id)
    )
    chosen = [one for one in db.scalars(query) if plain_code(one.code_name) in names]
    numbers = [one.id for one in chosen]
    if lock:
        held = select(Group).where(Group.id.in_(numbers)).order_by(Group.id).with_for_update()
        db.scalars(held.execution_options(populate_existing=True)).all()
    seated, meetings = _seated(db, numbers), _meetings(db, numbers)
    names_of = _facilitators(db, numbers)
    for one in chosen:
        found[plain_code(one.code_name)].append(
            Known(
                id=one.id,
                version=one.version,
                programme=one.programme,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                values={
                    "capacity": one.capacity,
                    "venue": one.venue,
                    "state": one.state,
                    "sessions": one.sessions_offered,
                    **meetings[one.id],
                },
                seated=seated[one.id],
                facilitators=frozenset(names_of[one.id]),
            )
        )
    return found


def _meetings(db: Session, numbers: Collection[int]) -> defaultdict[int, Values]:
    """Of each group when its first session begins, and on which weekdays it meets."""
    found: defaultdict[int, Values] = defaultdict(dict)
    query = select(GroupSession.group_id, GroupSession.number, GroupSession.local_start)
    for some in batches(numbers, AT_ONCE):
        for group, number, begins in db.execute(query.where(GroupSession.group_id.in_(some))):
            days = {*found[group].get("weekdays", ()), begins.weekday()}
            found[group]["weekdays"] = tuple(sorted(days))
            if number == 1:
                found[group]["start"] = begins.time()
    return found


def _seated(db: Session, numbers: Collection[int]) -> Counter[int]:
    states = (*SEATED_PLACES, PlaceState.COMPLETED)
    query = select(Place.group_id, func.count()).where(Place.state.in_(states))
    found: Counter[int] = Counter()
    for some in batches(numbers, AT_ONCE):
        counted = query.where(Place.group_id.in_(some)).group_by(Place.group_id)
        found.update(dict(db.execute(counted).all()))
    return found


def _facilitators(db: Session, numbers: Collection[int]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    query = select(Facilitation.group_id, Account.username).join(
        Account, Account.id == Facilitation.account_id
    )
    for some in batches(numbers, AT_ONCE):
        for group, name in db.execute(query.where(Facilitation.group_id.in_(some))):
            found[group].add(name)
    return found
