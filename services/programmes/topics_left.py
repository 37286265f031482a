"""Which topics of a rolling group somebody has still to cover, and when each comes up next.

A topic counts once, in whatever round and whichever of the programme's groups she covered it. It
reads what was marked for the people asked about, never what all have.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from models import (
    HELD_PLACES,
    CoveredTopic,
    Covering,
    Group,
    GroupSession,
    Mark,
    Place,
    SessionState,
)
from services import clock
from services.attendance import CODES
from services.programmes import programmes
from services.programmes.completion import TopicsOutlook, topics_outlook
from services.short_lists import NUMBERS
from services.tallies import session_counts

_COVERS = [letter for letter, code in CODES.items() if code.covers_content]


def of_people(db: Session, group: Group, people: Collection[int]) -> dict[int, TopicsOutlook]:
    """For each of these in a rolling group, by her number. A step of services that have asked."""
    topics = programmes.of_group(db, group).topics
    done, coming = covered(db, group.programme, people), _coming(db, group, people)
    return {one: topics_outlook(topics, done[one], coming[one]) for one in people}


def covered(db: Session, programme: str, people: Collection[int]) -> defaultdict[int, set[str]]:
    """The topics each has covered; what a session covered instead of its own counts as that."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for person, topic in db.execute(_covered(), {NUMBERS.key: people, "programme": programme}):
        found[person].add(topic)
    return found


@cache
def _covered() -> Select[int, str]:
    said = case(
        (CoveredTopic.covering == Covering.ANOTHER, CoveredTopic.topic), else_=GroupSession.topic
    )
    return (
        select(Place.person_id, said)
        .join(Group, Group.id == Place.group_id)
        .join(Mark, Mark.place_id == Place.id)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .outerjoin(CoveredTopic, CoveredTopic.session_id == GroupSession.id)
        .where(
            Place.person_id.in_(NUMBERS),
            Group.programme == bindparam("programme"),
            Mark.code.in_(_COVERS),
            session_counts.IS_HELD,
            or_(CoveredTopic.id.is_(None), CoveredTopic.covering != Covering.NOTHING),
        )
        .distinct()
    )


def _coming(
    db: Session, group: Group, people: Collection[int]
) -> defaultdict[int, list[tuple[str, datetime]]]:
    """What is still to come in the groups of the programme in which each has a place."""
    query = (
        select(Place.person_id, GroupSession.topic, GroupSession.starts_at, GroupSession.zone)
        .join(Group, Group.id == Place.group_id)
        .join(
            GroupSession,
            and_(
                GroupSession.group_id == Group.id,
                GroupSession.state.in_((SessionState.PLANNED, SessionState.MOVED)),
                GroupSession.starts_at > clock.now(),
            ),
        )
        .where(
            Place.person_id.in_(people),
            Place.state.in_(HELD_PLACES),
            Group.programme == group.programme,
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    found: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for person, topic, starts, zone in db.execute(query):
        found[person].append((topic, clock.local(starts, zone)))
    return found
