"""How many topics of a rolling group each person has covered: kept with her places.

A topic counts once, in whatever round and whichever of the programme's groups she covered it, so
that a mark in one group may change her place in another.
"""

from collections.abc import Collection, Iterator
from functools import cache

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from models import Group, Place
from services import bulk
from services.programmes import programmes, topics_left
from services.short_lists import NUMBERS

_PLACES_AT_ONCE = 500


def changed(
    db: Session, programme: str, people: Collection[int]
) -> Iterator[tuple[Place, Group, int]]:
    """Store what these people have covered of a rolling programme; gives each place for which it
    is another number, with that number. The place itself still has the old one, for whoever counts.
    """
    db.flush()
    found = db.execute(_of_people(), {NUMBERS.key: people, "programme": programme}).all()
    offered = programmes.of_groups(db, {group.id for _place, group in found})
    covered = topics_left.covered(db, programme, people)
    for place, group in found:
        number = len(covered[place.person_id].intersection(offered[group.id].topics))
        if number != place.topics_covered:
            # No edit of the place: whoever has it open need not be told.
            db.execute(
                update(Place)
                .where(Place.id == place.id)
                .values(topics_covered=number)
                .execution_options(synchronize_session=False)
            )
            yield place, group, number


@cache
def _of_people() -> Select[Place, Group]:
    return (
        select(Place, Group)
        .join(Group, Group.id == Place.group_id)
        .where(
            Place.person_id.in_(NUMBERS),
            Group.programme == bindparam("programme"),
            Group.topics_to_complete.is_not(None),
        )
        .order_by(Place.id)
        .with_for_update(of=Place)
    )


def recount(db: Session, groups: Collection[int] | None = None) -> dict[int, int]:
    """The same by the number of the place, from the marks: of these rolling groups or of all."""
    query = (
        select(Place.id, Place.person_id, Group.id, Group.programme)
        .join(Group, Group.id == Place.group_id)
        .where(Group.topics_to_complete.is_not(None))
    )
    if groups is not None:
        query = query.where(Group.id.in_(groups))
    rows = db.execute(query).all()
    offered = programmes.of_groups(db, {group for _place, _person, group, _programme in rows})
    found: dict[int, int] = {}
    for programme in sorted({programme for *_, programme in rows}):
        theirs = [row for row in rows if row[3] == programme]
        for some in bulk.batches(theirs, _PLACES_AT_ONCE):
            covered = topics_left.covered(db, programme, {person for _place, person, *_ in some})
            for place, person, group, _programme in some:
                found[place] = len(covered[person].intersection(offered[group].topics))
    return found
