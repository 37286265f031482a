"""A place in a rolling group is completed by covering each topic once, over any rounds."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Covering, Group, GroupSession, Person, Place, Role
from services.attendance import AttendanceCode, reached
from services.permissions import Actor
from services.places import standing
from services.registers import covered_topics, marking
from services.registers.marking import NewMark
from services.tallies import recount
from tests.make import make_actor, make_group, make_person, make_place

ROLLING, FIRST_DAY = "open_door", date(2026, 6, 3)


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], programme=ROLLING, first_day=FIRST_DAY)


@pytest.fixture
def lead(db: Session) -> Actor:
    return make_actor(db, "leda", Role.LEAD)


def seat(db: Session, amina: Actor, group: Group, person: Person) -> Place:
    """Her place from the group's first day on."""
    place = make_place(db, amina, group, person)
    place.joined_on = group.starts_on
    db.flush()
    return place


def sessions(db: Session, group: Group) -> Sequence[GroupSession]:
    query = select(GroupSession).where(GroupSession.group_id == group.id)
    return db.scalars(query.order_by(GroupSession.number)).all()


def come(db: Session, ben: Actor, place: Place, held: GroupSession) -> None:
    new = NewMark(tap=f"{place.ref}{held.ref}", place_ref=place.ref, code=AttendanceCode.ATTENDED)
    (answer,) = marking.mark(db, ben, held.ref, [new])
    assert answer.saved, answer.refusal


def completed(db: Session, lead: Actor) -> int:
    *_rest, last = reached.steps(db, lead)
    return last.of_enrolled.count


def test_coming_often_to_the_same_topics_completes_nobody(
    db: Session, amina: Actor, ben: Actor, group: Group, lead: Actor
) -> None:
    held = sessions(db, group)
    for one in held:
        one.topic = held[0].topic
    place = seat(db, amina, group, make_person(db, amina))
    for one in held:
        come(db, ben, place, one)

    assert place.covered == len(held)
    assert completed(db, lead) == 0
    assert reached.people_steps(db, lead)[-1].of_enrolled.count == 0
    assert standing.figures(db, lead, group).completed.count == 0
    assert recount.differences(db) == []


def test_every_topic_once_completes_over_two_groups_of_the_programme(
    db: Session, amina: Actor, ben: Actor, group: Group, lead: Actor
) -> None:
    other = make_group(
        db, amina, [ben], programme=ROLLING, first_day=FIRST_DAY, code_name="Blue door"
    )
    person = make_person(db, amina)
    first, second = seat(db, amina, group, person), seat(db, amina, other, person)
    held = sessions(db, group)
    half = len(held) // 2
    for one in held[:half]:
        come(db, ben, first, one)
    assert completed(db, lead) == 0
    for one in sessions(db, other)[half:]:
        come(db, ben, second, one)

    db.expire_all()
    assert first.topics_covered == second.topics_covered == group.topics_to_complete
    assert completed(db, lead) == 2
    assert reached.people_steps(db, lead)[-1].of_enrolled.count == 1
    assert recount.differences(db) == []


def test_what_a_session_did_not_cover_is_taken_back(
    db: Session, amina: Actor, ben: Actor, group: Group, lead: Actor
) -> None:
    place = seat(db, amina, group, make_person(db, amina))
    for one in sessions(db, group):
        come(db, ben, place, one)
    assert completed(db, lead) == 1

    covered_topics.cover(db, ben, sessions(db, group)[0].ref, Covering.NOTHING, version=0)

    assert completed(db, lead) == 0
    assert recount.differences(db) == []
