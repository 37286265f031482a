"""Pairs that are kept apart on paper and meet in a group all the same: something to act on."""

from collections import defaultdict
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, or_, select, union
from sqlalchemy.orm import Session

from models import CURRENT_PLACES, Conflict, Place
from services.volunteers.own_time import meeting

_Query: TypeAlias = Select[*tuple[Any, ...]]


def meeting_now(db: Session, *which: ColumnElement[bool]) -> dict[int, set[int]]:
    """Of the pairs not ended, those of whom both are in one group now: pair to groups.

    Somebody who was a participant and is a volunteer counts as both. It takes four queries, and
    costs what there is in pairs, however large the programme.
    """
    query, seated, placed, linked = _statements(*which)
    groups: defaultdict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for person, group in db.execute(seated):
        groups[person, None].add(group)
    for volunteer, group in db.execute(placed):
        groups[None, volunteer].add(group)
    for volunteer, person in db.execute(linked):
        anywhere = groups[None, volunteer] | groups[person, None]
        groups[None, volunteer] = groups[person, None] = anywhere
    both = {number: groups[a, b] & groups[c, d] for number, a, b, c, d in db.execute(query)}
    return {number: shared for number, shared in both.items() if shared}


@lru_cache(maxsize=100)
def _statements(*which: ColumnElement[bool]) -> tuple[_Query, _Query, _Query, _Query]:
    """The pairs, and where the people and the volunteers on either side of them are."""
    standing = (Conflict.ended_at.is_(None), *which)
    query = select(
        Conflict.id,
        Conflict.person_id,
        Conflict.volunteer_id,
        Conflict.other_person_id,
        Conflict.other_volunteer_id,
    ).where(*standing)
    people = _either(Conflict.person_id, Conflict.other_person_id, standing)
    volunteers = _either(Conflict.volunteer_id, Conflict.other_volunteer_id, standing)
    both_ways = meeting.links(people, volunteers).subquery()
    seated = select(Place.person_id, Place.group_id).where(
        Place.state.in_(CURRENT_PLACES),
        or_(Place.person_id.in_(people), Place.person_id.in_(select(both_ways.c.person_id))),
    )
    helps = meeting.with_groups()
    placed = select(helps).where(
        or_(
            helps.c.volunteer_id.in_(volunteers),
            helps.c.volunteer_id.in_(select(both_ways.c.volunteer_id)),
        )
    )
    return query, seated, placed, meeting.links(people, volunteers)


def _either(first: Any, second: Any, standing: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """Everybody on one side or the other, as a subquery."""
    sides = union(*(select(side).where(side.is_not(None), *standing) for side in (first, second)))
    return select(sides.subquery())
