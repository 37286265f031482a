"""Who is with a group now that meets where she must not go: something to act on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, literal, null, select, union
from sqlalchemy.orm import Session

from models import CURRENT_PLACES, Crossing, Person, Place
from services import clock
from services.permissions import Actor, Permission
from services.placing import avoided
from services.placing.alike import FAMILY, HELPER, family, helper, numbers
from services.placing.areas import lie_in
from services.visibility import visible_people
from services.volunteers.own_time import meeting


def meeting_now(db: Session, actor: Actor) -> set[tuple[str, int, int]]:
    """Whether a participant ("person") or a volunteer, her number and the group's, of those this
    reader may see. One statement where nobody has such a place, two more where somebody has."""
    actor.require(Permission.KEEP_CONFLICTS)
    seen = select(Person.family_id).where(visible_people(actor))
    known = avoided.avoids(db, Crossing.volunteer_id.is_not(None) | Crossing.family_id.in_(seen))
    if not known:
        return set()
    query = _with_groups(actor, numbers(FAMILY, known), numbers(HELPER, known))
    there = [
        (kind, number, group, helper(number) if of is None else family(of))
        for kind, number, group, of in db.execute(query)
    ]
    areas = avoided.meets_in(db, {group for _kind, _number, group, _of in there}, clock.today())
    return {
        (kind, number, group)
        for kind, number, group, party in there
        if lie_in(areas[group], known[party])
    }


def _with_groups(
    actor: Actor, families: Sequence[int], helpers: Sequence[int]
) -> CompoundSelect[Any]:
    """Kind, number, group, and the family it is known by; none for a volunteer's own."""
    helps, own = meeting.with_groups(), meeting.selves()
    theirs = Person.family_id.in_(families) & visible_people(actor)
    seated = (
        select(literal("person"), Person.id, Place.group_id, Person.family_id)
        .join(Place, Place.person_id == Person.id)
        .where(theirs, Place.state.in_(CURRENT_PLACES))
    )
    helping = select(literal(HELPER), helps.c.volunteer_id, helps.c.group_id, null()).where(
        helps.c.volunteer_id.in_(helpers)
    )
    # A volunteer who was a participant must not go where her family must not.
    linked = (
        select(literal(HELPER), helps.c.volunteer_id, helps.c.group_id, Person.family_id)
        .join(own, own.c.volunteer_id == helps.c.volunteer_id)
        .join(Person, Person.id == own.c.person_id)
        .where(theirs)
    )
    return union(seated, helping, linked)
