"""A call about a child goes to a carer of hers, by the carer's safe route, and to nobody barred."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CallState,
    ContactAttempt,
    ContactOutcome,
    Group,
    Person,
    PersonKind,
    Relation,
    Route,
    RouteAnswer,
    Strength,
    WelfareCall,
)
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError
from services.people import kinships
from services.people.kinships import KinshipDraft
from services.permissions import Actor
from services.placing import conflicts
from services.placing.conflicts import ConflictDraft, Party
from services.registers import finishing, marking, registers
from services.registers.collecting import lists
from services.registers.collecting.lists import CollectorDraft
from services.registers.marking import NewMark
from services.registers.welfare import carers, listing, recording
from services.registers.welfare.listing import Call
from services.safe_contact import attempts
from services.safe_contact.attempts import AttemptDraft
from services.safe_contact.facts import Why
from tests.make import make_contact, make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)
SPOKE = AttemptDraft(route=Route.CALL, outcome=ContactOutcome.SPOKE)


@pytest.fixture
def club(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def mum(db: Session, amina: Actor, club: Group) -> Person:
    """Kit's mother, in a group of Ben's as well; she may be called."""
    made = make_person(db, amina, "Dana", "Bell")
    make_place(db, amina, club, made)
    make_contact(db, amina, made)
    return made


@pytest.fixture
def kit(db: Session, amina: Actor, ben: Actor, club: Group, mum: Person) -> Person:
    """A child who did not come today and sent no word; she has a number of her own."""
    child = make_person(db, amina, "Kit", "Bell", kind=PersonKind.CHILD)
    place = make_place(db, amina, club, child)
    make_contact(db, amina, child, address="07700 900112")
    care(db, amina, mum, child)
    ref = session_of(db, club).ref
    absent = [NewMark(tap="kit", place_ref=place.ref, code=Code.NOT_BROUGHT)]
    marking.mark(db, ben, ref, absent)
    others = [line for line in registers.view(db, ben, ref).lines if line.code is None]
    came = [NewMark(tap=one.name, place_ref=one.place_ref, code=Code.ATTENDED) for one in others]
    marking.mark(db, ben, ref, came)
    finishing.finish(db, ben, ref)
    return child


def care(
    db: Session, amina: Actor, person: Person, child: Person, relation: Relation = Relation.MOTHER
) -> None:
    draft = KinshipDraft(
        person_ref=person.ref, relative_ref=child.ref, relation=relation, has_responsibility=True
    )
    kinships.add(db, amina, draft)


def father(db: Session, amina: Actor, club: Group, child: Person) -> Person:
    made = make_person(db, amina, "Rob", "Stone")
    make_place(db, amina, club, made)
    make_contact(db, amina, made, address="07700 900113")
    care(db, amina, made, child, Relation.FATHER)
    return made


def owed(db: Session, actor: Actor) -> Call:
    (call,) = listing.due(db, actor)
    return call


def test_it_goes_to_the_carer_by_her_own_route_and_not_to_the_child(
    db: Session, ben: Actor, mum: Person, kit: Person
) -> None:
    call = owed(db, ben)
    assert (call.name, call.carer) == ("Kit Bell", "Dana Bell")
    assert (call.person_ref, call.contact_ref) == (kit.ref, mum.ref)
    assert call.reach is not None
    assert [answer.route for answer in call.reach.now] == [Route.CALL]


def test_a_call_the_facilitator_can_make_is_not_passed_on(
    db: Session, amina: Actor, mum: Person, kit: Person
) -> None:
    assert listing.escalated(db, amina) == []


def test_a_carer_whose_route_is_not_safe_is_not_called_by_the_childs(
    db: Session, amina: Actor, ben: Actor, mum: Person, kit: Person
) -> None:
    make_contact(db, amina, mum, answer=RouteAnswer.NO)
    reach = owed(db, ben).reach
    assert reach is not None
    assert (reach.now, reach.why) == ((), Why.NOT_SAID_SAFE)


def test_whoever_must_not_collect_is_not_called(
    db: Session, amina: Actor, ben: Actor, club: Group, mum: Person, kit: Person
) -> None:
    rob = father(db, amina, club, kit)
    make_contact(db, amina, mum, answer=RouteAnswer.NO)
    assert owed(db, ben).carer == "Rob Stone"  # he may be reached, and she may not
    lists.add(db, ben, kit.ref, CollectorDraft(name="rob  STONE", may_collect=False))
    assert owed(db, ben).carer == "Dana Bell"
    assert carers.children_of(db, rob.id) == set()
    attempts.log(db, ben, rob.ref, SPOKE)  # nor does reaching him count
    assert owed(db, ben).tries == 0


@pytest.mark.parametrize("strength", list(Strength))
def test_whoever_is_kept_apart_from_the_child_is_not_called(
    db: Session, amina: Actor, ben: Actor, mum: Person, kit: Person, strength: Strength
) -> None:
    apart = ConflictDraft(
        first=Party(mum.ref), second=Party(kit.ref), strength=strength, reason="An order."
    )
    conflicts.record(db, amina, apart)
    call = owed(db, ben)
    assert (call.carer, call.contact_ref) == (None, None)
    assert call.reach is not None
    assert call.reach.reason == carers.NOBODY
    with pytest.raises(ConflictError, match="No carer"):
        recording.record(db, ben, call.ref, SPOKE, version=call.version)


def test_a_brother_or_sister_and_a_carer_she_may_not_see_are_not_called(
    db: Session, amina: Actor, ben: Actor, mum: Person, kit: Person
) -> None:
    kinships.remove(db, amina, mum.ref, kit.ref, version=1)
    sibling = make_person(db, amina, "Sib", "Bell")
    kinships.add(
        db,
        amina,
        KinshipDraft(person_ref=sibling.ref, relative_ref=kit.ref, relation=Relation.SIBLING),
    )
    care(db, amina, make_person(db, amina, "Gran", "Bell"), kit, Relation.GRANDPARENT)
    assert owed(db, ben).carer is None  # her grandmother is in no group of his
    (call,) = listing.escalated(db, amina)  # so a coordinator hears of it at once
    assert call.carer == "Gran Bell"


def test_what_came_of_it_is_kept_with_the_carer_and_closes_the_call(
    db: Session, ben: Actor, mum: Person, kit: Person
) -> None:
    (call,) = listing.of_person(db, ben, mum.ref)
    assert call.person_ref == kit.ref
    recording.record(db, ben, call.ref, SPOKE, version=call.version)
    assert db.scalars(select(ContactAttempt.person_id)).all() == [mum.id]
    assert db.scalars(select(WelfareCall.state)).all() == [CallState.REACHED]
    assert listing.due(db, ben) == []


def test_reaching_the_carer_anywhere_closes_the_call_about_her_child(
    db: Session, ben: Actor, mum: Person, kit: Person
) -> None:
    attempts.log(db, ben, mum.ref, SPOKE)
    assert listing.due(db, ben) == []


def test_the_list_costs_the_same_for_many_children(
    db: Session, amina: Actor, ben: Actor, club: Group, mum: Person, kit: Person,
    count_queries: object,
) -> None:  # fmt: skip
    with count_queries() as few:  # type: ignore[operator]
        listing.due(db, ben)
    for number in range(3):
        child = make_person(db, amina, f"Child{number}", "Bell", kind=PersonKind.CHILD)
        place = make_place(db, amina, club, child)
        care(db, amina, mum, child)
        db.add(
            WelfareCall(
                session_id=session_of(db, club).id, place_id=place.id, missed_on=TODAY,
                due_on=TODAY, is_urgent=False, tries=0, state=CallState.OPEN,
                opened_at=session_of(db, club).ends_at,
            )
        )  # fmt: skip
    db.flush()
    with count_queries() as many:  # type: ignore[operator]
        assert len(listing.due(db, ben)) == 4
    assert len(many) == len(few)
