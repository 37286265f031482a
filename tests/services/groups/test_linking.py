"""Two groups there are already become parents and children; what both need is looked at again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupPair, GroupState, PersonKind, SessionState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview, rooms
from services.groups.pairs import changing, linking, unlinking
from services.groups.pairs.changing import Confirmed
from services.groups.pairs.halves import Side
from services.groups.pairs.linking import LinkDraft
from services.groups.schedules import changing as one_half
from services.groups.schedules.clashes import Kind
from services.groups.schedules.parts import Cancel, Change, ChangeRoom, Move, Reshape, Shape
from services.permissions import Actor
from tests.make import make_group, make_pair, make_person, make_place, session_of
from tests.services.groups.test_pairs import at

# Today is 16 September; both have met on the 15th, and will on the 22nd and every week after.
FIRST = date(2026, 9, 15)
LATER = timedelta(hours=5)


@pytest.fixture
def mothers(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(
        db, amina, [ben], programme="side_by_side", code_name="Mothers", first_day=FIRST, capacity=6
    )


@pytest.fixture
def children(db: Session, amina: Actor, chloe: Actor) -> Group:
    return make_group(
        db, amina, [chloe], programme="side_by_side", code_name="Children", first_day=FIRST,
        capacity=6,
    )  # fmt: skip


def draft(other: Group, side: Side = Side.PARENTS, shape: Shape | None = None) -> LinkDraft:
    return LinkDraft(other_ref=other.ref, side=side, shape=shape)


def link(
    db: Session, actor: Actor, group: Group, wanted: LinkDraft, despite: str = ""
) -> linking.LinkPreview:
    seen = linking.preview(db, actor, group.ref, wanted)
    linking.link(db, actor, group.ref, wanted, version=seen.version, despite=despite)
    return seen


def test_a_look_says_which_sessions_pair_up_and_the_link_makes_it_so(
    db: Session, amina: Actor, mothers: Group, children: Group
) -> None:
    for group in (mothers, children):
        session_of(db, group, 1).state = SessionState.HELD
    stray = session_of(db, children, 4)
    moved = Move(stray.ref, at(10, 8, 10))
    version = one_half.preview(db, amina, children.ref, moved).version
    one_half.apply(db, amina, children.ref, moved, version=version)

    seen = link(db, amina, mothers, draft(children))

    rows = [(one.mine, one.theirs, one.shape) for one in seen.pairings][:4]
    assert rows == [
        (2, 2, Shape.IN_TURNS), (3, 3, Shape.IN_TURNS), (4, None, None), (None, 4, None)
    ]  # fmt: skip
    pair = db.scalars(select(GroupPair)).one()
    assert (pair.parents_id, pair.children_id) == (mothers.id, children.id)
    shapes = [session_of(db, group, 2).shape for group in (mothers, children)]
    assert [shape.value for shape in shapes if shape] == ["in_turns"] * 2
    assert session_of(db, mothers, 1).shape is None  # held before they were linked
    other = group_overview.read(db, amina, mothers.ref).other_half
    assert other is not None
    assert (other.side, other.code_name, len(other.out_of_step)) == (Side.CHILDREN, "Children", 2)
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.subject) == ("pair.linked", f"group:{mothers.ref}")


def test_the_childrens_group_may_ask_for_its_other_half_too(
    db: Session, amina: Actor, mothers: Group, children: Group
) -> None:
    link(db, amina, children, draft(mothers, Side.CHILDREN, Shape.APART))
    pair = db.scalars(select(GroupPair)).one()
    assert (pair.parents_id, pair.children_id) == (mothers.id, children.id)
    assert linking.candidates(db, amina, mothers.ref) == {}


def test_somebody_who_runs_both_needs_a_reason_where_they_part_and_none_together(
    db: Session, amina: Actor, ben: Actor, mothers: Group
) -> None:
    other = make_group(
        db, amina, [ben], programme="side_by_side", code_name="Children", first_day=FIRST,
        capacity=6,
    )  # fmt: skip
    assert linking.preview(db, amina, mothers.ref, draft(other, shape=Shape.TOGETHER)).clashes == ()
    (clash,) = linking.preview(db, amina, mothers.ref, draft(other)).clashes
    assert (clash.kind, clash.who, clash.times) == (Kind.FACILITATOR, "Ben", 8)
    with pytest.raises(InvalidInputError, match="Write why"), db.begin_nested():
        link(db, amina, mothers, draft(other))
    link(db, amina, mothers, draft(other), despite="A volunteer stays with the children.")
    assert session_of(db, mothers, 2).despite == "A volunteer stays with the children."


def wrong_ended(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    children.state = GroupState.FINISHED
    return draft(children)


def wrong_place(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    make_place(db, amina, mothers, make_person(db, amina, "Kit", kind=PersonKind.CHILD))
    return draft(children)


def wrong_programme(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    children.programme = "steps_forward"  # for adults
    return draft(children)


def wrong_times(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    for number in range(1, 11):
        one = session_of(db, children, number)
        one.starts_at, one.ends_at = one.starts_at + LATER, one.ends_at + LATER
    return draft(children)


def wrong_self(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    return draft(mothers)


def wrong_shape(db: Session, amina: Actor, mothers: Group, children: Group) -> LinkDraft:
    mothers.programme = "you_and_me_mum"
    return draft(children)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (wrong_ended, "Children has ended"),
        (wrong_place, "Mothers has places for children"),
        (wrong_programme, "Children runs a programme for adults alone"),
        (wrong_times, "no session still to be held"),
        (wrong_self, "another group than this one"),
        (wrong_shape, "Say how parents and children meet"),
    ],
)
def test_what_stands_against_a_link_is_said_before_it(
    db: Session, amina: Actor, mothers: Group, children: Group,
    spoil: Callable[[Session, Actor, Group, Group], LinkDraft], says: str,
) -> None:  # fmt: skip
    wanted = spoil(db, amina, mothers, children)
    db.flush()
    with pytest.raises((InvalidInputError, ConflictError), match=says):
        linking.preview(db, amina, mothers.ref, wanted)


def test_a_group_has_one_other_half_and_a_stale_look_links_nothing(
    db: Session, amina: Actor, ben: Actor, mothers: Group, children: Group
) -> None:
    seen = linking.preview(db, amina, mothers.ref, draft(children))
    mothers.capacity = 7
    db.flush()
    with pytest.raises(ConflictError, match="changed while you had it open"):
        linking.link(db, amina, mothers.ref, draft(children), version=seen.version)
    link(db, amina, mothers, draft(children))
    third = make_group(db, amina, [ben], code_name="Third")
    with pytest.raises(ConflictError, match="linked with a group already"):
        linking.preview(db, amina, third.ref, draft(children))


def test_only_who_may_change_groups_links_any(
    db: Session, ben: Actor, amina: Actor, mothers: Group, children: Group
) -> None:
    for ask in (linking.candidates, linking.preview):
        with pytest.raises(NotPermittedError):
            ask(db, ben, mothers.ref, *([] if ask is linking.candidates else [draft(children)]))
    with pytest.raises(NotFoundError):
        linking.preview(db, amina, mothers.ref, replace(draft(children), other_ref="nowhere"))


def test_unlinked_each_goes_on_alone_and_what_was_held_together_stays(
    db: Session, amina: Actor, mothers: Group, children: Group
) -> None:
    link(db, amina, mothers, draft(children, shape=Shape.TOGETHER))
    held = session_of(db, mothers, 2)
    held.state = SessionState.HELD
    db.flush()

    seen = unlinking.preview(db, amina, children.ref)
    assert (seen.other, seen.clashes) == ("Mothers", ())
    unlinking.unlink(db, amina, children.ref, version=seen.version)

    assert group_overview.read(db, amina, mothers.ref).other_half is None
    assert held.shape is not None
    assert session_of(db, mothers, 3).shape is session_of(db, children, 3).shape is None
    make_place(db, amina, mothers, make_person(db, amina, "Kit", kind=PersonKind.CHILD))
    with pytest.raises(ConflictError, match="not linked"):
        unlinking.unlink(db, amina, children.ref, version=seen.version)


def test_unlinking_needs_a_reason_where_they_shared_somebody_and_a_fresh_look(
    db: Session, amina: Actor, ben: Actor, one_facilitator: Group
) -> None:
    seen = unlinking.preview(db, amina, one_facilitator.ref)
    assert {clash.kind for clash in seen.clashes} == {Kind.FACILITATOR, Kind.ROOM}
    with pytest.raises(InvalidInputError, match="Write why"), db.begin_nested():
        unlinking.unlink(db, amina, one_facilitator.ref, version=seen.version)
    with pytest.raises(ConflictError, match="while you had it open"):
        unlinking.unlink(db, amina, one_facilitator.ref, version=seen.version - 1)
    with pytest.raises(NotPermittedError):
        unlinking.preview(db, ben, one_facilitator.ref)
    unlinking.unlink(
        db, amina, one_facilitator.ref, version=seen.version, despite="The attic has two rooms."
    )
    assert session_of(db, one_facilitator, 3).despite == "The attic has two rooms."


# --- What both halves need, looked at again when both change ---------------------------------


def both(db: Session, amina: Actor, group: Group, change: Change) -> one_half.Preview:
    other = changing.other_half(db, amina, group.ref, change)
    assert other is not None
    assert other.change is not None
    return changing.preview(db, amina, group.ref, change, (other.ref, other.change))


@pytest.fixture
def one_facilitator(db: Session, amina: Actor, ben: Actor) -> Group:
    """The parents' half of a pair with Ben in both and one room, in turns but for both ends."""
    attic = rooms.add(db, amina, "Attic")
    parents, _ = make_pair(
        db, amina, ben, ben, despite="She has help.", children_room_ref=attic,
    )  # fmt: skip
    found = one_half.outline(db, amina, parents.ref)
    change = ChangeRoom(attic)
    one_half.apply(db, amina, parents.ref, change, version=found.version, despite="One room.")
    return parents


def test_a_session_put_apart_in_both_halves_needs_two_of_whatever_is_shared(
    db: Session, amina: Actor, one_facilitator: Group
) -> None:
    first = session_of(db, one_facilitator, 1)  # together
    change = Reshape(first.ref, Shape.APART)
    seen = both(db, amina, one_facilitator, change)
    assert [(one.kind, one.who) for one in seen.clashes] == [
        (Kind.ROOM, "Attic"), (Kind.FACILITATOR, "Ben")
    ]  # fmt: skip

    other = changing.other_half(db, amina, one_facilitator.ref, change)
    assert other is not None
    assert other.change is not None
    assert other.preview is not None
    confirmed = Confirmed(other.ref, other.change, other.preview.version)
    with pytest.raises(InvalidInputError, match="Write why"), db.begin_nested():
        changing.apply(
            db, amina, one_facilitator.ref, change, version=seen.version, other=confirmed
        )
    changing.apply(
        db, amina, one_facilitator.ref, change, version=seen.version, other=confirmed,
        despite="They use the hall.",
    )  # fmt: skip
    db.refresh(first)
    assert (first.shape, first.despite) != (None, None)
    assert first.despite == "They use the hall."


def test_what_both_shared_before_is_not_asked_again(
    db: Session, amina: Actor, one_facilitator: Group
) -> None:
    second = session_of(db, one_facilitator, 2)  # in turns, with a reason already
    moved = Move(second.ref, at(9, 29, 12))
    assert both(db, amina, one_facilitator, moved).clashes == ()
    gone = Cancel(second.ref, "Flooded.", keeps_length=False)
    assert both(db, amina, one_facilitator, gone).clashes == ()
