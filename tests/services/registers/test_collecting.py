"""Who collects a child: the list, who may read which half of it, and who came in the end."""

import json
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupSession, Person, PersonKind, Place
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.printing.register_sheets import Wish, of_group, of_session
from services.registers import marking, registers
from services.registers.collecting import at_session, lists
from services.registers.collecting.lists import CollectorDraft
from services.registers.marking import NewMark
from tests.make import make_group, make_person, make_place, session_of
from tests.paper import words_of

TODAY = date(2026, 9, 16)
GRAN = CollectorDraft(name="Ann Bell", relation="grandmother", agreed_word="bluebell")
BARRED = CollectorDraft(name="Rob Stone", may_collect=False)


@pytest.fixture
def club(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def today(db: Session, club: Group) -> GroupSession:
    return session_of(db, club)


@pytest.fixture
def kit(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Kit", "Bell", kind=PersonKind.CHILD)


@pytest.fixture
def place(db: Session, amina: Actor, ben: Actor, club: Group, kit: Person) -> Place:
    """Kit is marked as there today."""
    made = make_place(db, amina, club, kit)
    there = [NewMark(tap="kit", place_ref=made.ref, code=Code.ATTENDED)]
    marking.mark(db, ben, session_of(db, club).ref, there)
    return made


def collectors(db: Session, actor: Actor, kit: Person) -> dict[str, str]:
    return {one.name: one.ref for one in lists.of_child(db, actor, kit.ref).may}


# --- The list ----------------------------------------------------------------------------


def test_a_list_says_who_may_and_hides_the_word_until_asked(
    db: Session, amina: Actor, kit: Person
) -> None:
    lists.add(db, amina, kit.ref, GRAN)
    (gran,) = lists.of_child(db, amina, kit.ref).may
    assert (gran.name, gran.relation, gran.has_word) == ("Ann Bell", "grandmother", True)
    assert "bluebell" not in repr(gran)

    assert lists.reveal_word(db, amina, gran.ref) == "bluebell"
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.action == "collector.revealed"
    assert json.loads(last.details) == {"collector": gran.ref}


def test_nothing_of_a_list_can_be_read_in_the_database(
    db: Session, amina: Actor, kit: Person
) -> None:
    lists.add(db, amina, kit.ref, GRAN)
    row = db.execute(text("SELECT name, relation, agreed_word FROM collectors")).one()
    for stored in row:
        assert stored.startswith("gAAAA")


def test_who_must_not_is_read_by_the_childs_own_facilitator_alone(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, kit: Person, place: Place
) -> None:
    lists.add(db, amina, kit.ref, BARRED)
    hers, his = (lists.of_child(db, actor, kit.ref) for actor in (amina, ben))
    assert (hers.must_not, hers.barred_unseen) == ((), 1)
    assert [one.name for one in his.must_not] == ["Rob Stone"]
    with pytest.raises(NotFoundError):
        lists.of_child(db, chloe, kit.ref)
    with pytest.raises(NotFoundError):  # not hers to take off either
        lists.take_off(db, amina, his.must_not[0].ref, version=1)


@pytest.mark.parametrize("role", ["leila", "ada", "vik", "erin"])
def test_nobody_else_reads_or_keeps_a_list(
    db: Session, request: pytest.FixtureRequest, kit: Person, role: str
) -> None:
    actor = request.getfixturevalue(role)
    with pytest.raises(NotPermittedError):
        lists.of_child(db, actor, kit.ref)
    with pytest.raises(NotPermittedError):
        lists.add(db, actor, kit.ref, GRAN)


def test_nobody_stands_on_both_halves(
    db: Session, amina: Actor, ben: Actor, kit: Person, place: Place
) -> None:
    lists.add(db, ben, kit.ref, BARRED)
    may = CollectorDraft(name=" rob  STONE ")
    with pytest.raises(ConflictError, match="cannot be added here"):
        lists.add(db, amina, kit.ref, may)
    with pytest.raises(ConflictError, match="other list"):
        lists.add(db, ben, kit.ref, may)
    with pytest.raises(ConflictError, match="already"):
        lists.add(db, amina, kit.ref, BARRED)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (CollectorDraft(name="  "), "name"),
        (CollectorDraft(name="A" * 101), "name"),
        (CollectorDraft(name="Ann", relation="x" * 61), "relation"),
        (CollectorDraft(name="Ann", may_collect=False, agreed_word="x"), "agreed_word"),
    ],
)
def test_what_cannot_stand_on_a_list_is_explained_at_its_field(
    db: Session, amina: Actor, kit: Person, draft: CollectorDraft, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        lists.add(db, amina, kit.ref, draft)
    assert set(refused.value.problems) == {field}


def test_only_a_child_is_collected(db: Session, amina: Actor) -> None:
    with pytest.raises(ConflictError, match="child"):
        lists.add(db, amina, make_person(db, amina).ref, GRAN)


def test_two_who_take_somebody_off_take_her_off_once(
    db: Session, amina: Actor, kit: Person
) -> None:
    lists.add(db, amina, kit.ref, GRAN)
    gran = lists.of_child(db, amina, kit.ref).may[0]
    lists.take_off(db, amina, gran.ref, version=gran.version)
    with pytest.raises(ConflictError, match="meanwhile"):
        lists.take_off(db, amina, gran.ref, version=gran.version)
    assert lists.of_child(db, amina, kit.ref).may == ()


# --- On the register, and on paper ---------------------------------------------------------


def test_the_register_says_who_may_and_who_must_not_and_no_word(
    db: Session, amina: Actor, ben: Actor, kit: Person, today: GroupSession, place: Place
) -> None:
    make_place(db, amina, db.get_one(Group, today.group_id), make_person(db, amina, "Grown"))
    for draft in (GRAN, BARRED):
        lists.add(db, ben, kit.ref, draft)
    grown, child = registers.view(db, ben, today.ref).lines
    assert grown.collecting is None
    assert child.collecting is not None
    assert child.collecting.may == ("Ann Bell (grandmother)",)
    assert child.collecting.must_not == ("Rob Stone",)
    assert "bluebell" not in repr(child)


def test_no_sheet_of_paper_says_who_collects(
    db: Session, ben: Actor, club: Group, kit: Person, today: GroupSession, place: Place
) -> None:
    for draft in (GRAN, BARRED):
        lists.add(db, ben, kit.ref, draft)
    everything = Wish(filled=True, with_needs=True)
    sheets = of_session(db, ben, today.ref, everything), of_group(db, ben, club.ref, everything)
    for sheet in map(words_of, sheets):
        assert "Kit" in sheet
        for part in ("Ann", "Stone", "Rob", "bluebell", "collect"):
            assert part not in sheet


# --- Who collected -------------------------------------------------------------------------


def test_who_collected_is_noted_and_taken_back_by_one_tap(
    db: Session, ben: Actor, kit: Person, today: GroupSession, place: Place
) -> None:
    lists.add(db, ben, kit.ref, GRAN)
    gran = collectors(db, ben, kit)["Ann Bell"]
    at_session.collected(db, ben, today.ref, place.ref, gran, seen=None)
    at_session.collected(db, ben, today.ref, place.ref, gran, seen=None)  # twice is once
    (child,) = at_session.of_session(db, ben, today.ref)
    assert (child.chosen, child.by) == (gran, None)
    at_session.collected(db, ben, today.ref, place.ref, None, seen=gran)
    assert at_session.of_session(db, ben, today.ref)[0].chosen is None


def test_whoever_must_not_collect_is_never_noted_and_never_to_be_chosen(
    db: Session, amina: Actor, ben: Actor, kit: Person, today: GroupSession, place: Place
) -> None:
    lists.add(db, ben, kit.ref, BARRED)
    other = make_person(db, amina, "Other", kind=PersonKind.CHILD)
    lists.add(db, amina, other.ref, GRAN)
    barred = lists.of_child(db, ben, kit.ref).must_not[0].ref
    somebody_elses = collectors(db, amina, other)["Ann Bell"]
    assert at_session.of_session(db, ben, today.ref)[0].may == {}
    for ref in (barred, somebody_elses, "nobody"):
        with pytest.raises(InvalidInputError, match="may not collect"):
            at_session.collected(db, ben, today.ref, place.ref, ref, seen=None)


def test_a_colleague_who_was_faster_is_not_overwritten(
    db: Session, amina: Actor, ben: Actor, kit: Person, today: GroupSession, place: Place
) -> None:
    for name in ("Ann", "Tom"):
        lists.add(db, amina, kit.ref, CollectorDraft(name=name))
    refs = collectors(db, amina, kit)
    at_session.collected(db, ben, today.ref, place.ref, refs["Ann"], seen=None)
    with pytest.raises(ConflictError, match="meanwhile"):
        at_session.collected(db, ben, today.ref, place.ref, refs["Tom"], seen=None)


def test_only_children_who_came_are_collected_by_a_facilitator_of_theirs(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, club: Group, today: GroupSession
) -> None:
    absent = make_place(db, amina, club, make_person(db, amina, "Absent", kind=PersonKind.CHILD))
    gone = [NewMark(tap="gone", place_ref=absent.ref, code=Code.APOLOGIES)]
    marking.mark(db, ben, today.ref, gone)
    assert at_session.of_session(db, ben, today.ref) == []
    with pytest.raises(NotFoundError):
        at_session.of_session(db, chloe, today.ref)
    with pytest.raises(NotPermittedError):
        at_session.of_session(db, amina, today.ref)


def test_before_a_session_nobody_is_collected(
    db: Session, ben: Actor, club: Group, place: Place
) -> None:
    with pytest.raises(ConflictError, match="not started"):
        at_session.collected(db, ben, session_of(db, club, 2).ref, place.ref, "x", seen=None)
