"""Where somebody must not go: a perpetrator's home or work, a way to school (domain §4.3).

Asked by services/placing/placing.py, and by the sealed list for those who meet there already.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import Crossing, CrossingKind, Group, GroupSession, Room, SessionState
from services import clock
from services.placing.alike import FAMILY, HELPER, Party, family, helper, numbers
from services.placing.areas import areas_in, lie_in

_AVOIDS = Crossing.kind == CrossingKind.AVOIDS


def barred(db: Session, parties: Collection[Party], group_id: int, since: date) -> set[Party]:
    """Those of these families and volunteers who must not go to where a group meets from a day
    on. Two statements, whoever is asked about."""
    theirs = or_(
        Crossing.family_id.in_(numbers(FAMILY, parties)),
        Crossing.volunteer_id.in_(numbers(HELPER, parties)),
    )
    known, here = avoids(db, theirs), meets_in(db, [group_id], since)[group_id]
    return {party for party, there in known.items() if lie_in(here, there)}


def avoids(db: Session, which: ColumnElement[bool]) -> dict[Party, set[str]]:
    """The areas in which each of some families and volunteers must not be."""
    query = select(Crossing.family_id, Crossing.volunteer_id, Crossing.name).where(_AVOIDS, which)
    found: defaultdict[Party, set[str]] = defaultdict(set)
    for of_family, of_helper, name in db.execute(query):
        found[family(of_family) if of_family else helper(of_helper or 0)].add(name)
    return dict(found)


def meets_in(db: Session, group_ids: Iterable[int], since: date) -> defaultdict[int, set[str]]:
    """The areas each group meets in from a day on: of its rooms, and of postcodes in its venue."""
    to_come = and_(
        GroupSession.group_id == Group.id,
        GroupSession.starts_at >= clock.start_of_day(since),
        GroupSession.state != SessionState.CANCELLED,
    )
    query = (
        select(Group.id, Group.venue, Room.area)
        .outerjoin(GroupSession, to_come)
        .outerjoin(Room, Room.id == GroupSession.room_id)
        .where(Group.id.in_(group_ids))
        .distinct()
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for number, venue, of_room in db.execute(query):
        found[number] |= areas_in(venue or "") | ({of_room} if of_room else set())
    return found
