"""Two linked groups: made in one go, together and apart, and changed both or one at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Group, GroupPair, GroupSession
from services.db import transaction
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import groups, rooms
from services.groups.group_draft import GroupDraft
from services.groups.pairs import changing, making, view
from services.groups.pairs.changing import Confirmed
from services.groups.pairs.making import PairDraft
from services.groups.schedules import changing as one_half
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Change,
    Move,
    MoveAll,
    Reshape,
    Restore,
    Shape,
)
from services.permissions import Actor
from tests.make import make_group, make_pair
from tests.services.groups.craft import ref_of, together

FIRST = date(2026, 9, 22)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time of this autumn on the clock on the wall."""
    return datetime.combine(date(2026, month, day), time(hour, minute))


def draft_of(ben: Actor, chloe: Actor, **more: object) -> PairDraft:
    parents = GroupDraft(
        programme="side_by_side",
        code_name="Big boats",
        first_day=FIRST,
        weekdays=[1],
        start=time(10),
        capacity=6,
        facilitator_refs=[ben.ref],
    )
    made = {"children_code_name": "Small boats", "children_capacity": 6} | more
    return PairDraft(parents=parents, children_facilitator_refs=[chloe.ref], **made)  # type: ignore[arg-type]


def times(db: Session, group: Group) -> list[tuple[int, datetime, str | None]]:
    """The sessions that take place: number, when, together or apart."""
    rows = db.scalars(
        select(GroupSession)
        .where(GroupSession.group_id == group.id, GroupSession.state != "cancelled")
        .order_by(GroupSession.number)
        .execution_options(populate_existing=True)
    )
    return [(one.number, one.local_start, one.shape.value if one.shape else None) for one in rows]


def both(db: Session, actor: Actor, group: Group, change: Change, despite: str = "") -> None:
    """A change made in both halves, as it was looked at."""
    seen = one_half.preview(db, actor, group.ref, change, with_other_half=True).version
    other = changing.other_half(db, actor, group.ref, change)
    assert other is not None
    assert other.change is not None
    assert other.preview is not None
    confirmed = Confirmed(other.ref, other.change, other.preview.version)
    changing.apply(db, actor, group.ref, change, version=seen, other=confirmed, despite=despite)


def alone(db: Session, actor: Actor, group: Group, change: Change) -> None:
    seen = one_half.preview(db, actor, group.ref, change).version
    changing.apply(db, actor, group.ref, change, version=seen)


# --- Making ------------------------------------------------------------------------------


def test_both_halves_are_made_in_one_go_and_meet_at_the_same_times(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    assert times(db, parents) == times(db, children)
    assert len(times(db, parents)) == 10
    shapes = [shape for _number, _at, shape in times(db, parents)]
    assert shapes == ["together", *["in_turns"] * 8, "together"]
    frame = groups.sessions(db, amina, children.ref)
    assert frame["shape"].tolist() == shapes


def test_a_look_at_the_plan_makes_nothing(db: Session, ben: Actor, chloe: Actor) -> None:
    planned = making.plan(db, draft_of(ben, chloe))
    assert next((one.number, shape.value) for one, shape in planned) == (1, "together")
    assert db.scalar(select(func.count()).select_from(Group)) == 0


def test_the_same_form_sent_twice_makes_one_pair(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, boats: tuple[Group, Group]
) -> None:
    with pytest.raises(ConflictError, match="exists already"):
        making.create(db, amina, draft_of(ben, chloe))
    assert db.scalar(select(func.count()).select_from(GroupPair)) == 1


def test_a_programme_of_one_group_makes_no_pair(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    draft = draft_of(ben, chloe)
    draft = replace(draft, parents=replace(draft.parents, programme="steps_forward"))
    with pytest.raises(InvalidInputError) as caught:
        making.create(db, amina, draft)
    assert set(caught.value.problems) == {"programme"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"children_code_name": "Big boats"}, "children_code_name"),
        ({"children_code_name": ""}, "children_code_name"),
        ({"children_capacity": 0}, "children_capacity"),
        ({"children_room_ref": "no-such-room"}, "children_room"),
    ],
)
def test_what_is_wrong_with_the_childrens_half_is_said_at_its_field(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        making.create(db, amina, draft_of(ben, chloe, **more))
    assert field in caught.value.problems


def test_one_facilitator_for_both_halves_needs_a_reason_where_they_part(
    db: Session, amina: Actor, ben: Actor
) -> None:
    draft = draft_of(ben, ben)
    (clash,) = making.clashing(db, amina, draft)
    assert (clash.who, clash.times) == ("Ben", 8)  # the first and the last are together
    with pytest.raises(InvalidInputError) as caught:
        making.create(db, amina, draft)
    assert set(caught.value.problems) == {"despite"}
    assert db.scalar(select(func.count()).select_from(Group)) == 0
    assert make_pair(db, amina, ben, ben, despite="A colleague stands in.")


def test_one_room_is_needed_twice_only_where_the_halves_are_apart(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    room = rooms.add(db, amina, "Blue room")
    draft = draft_of(ben, chloe, children_room_ref=room)
    draft = replace(draft, parents=replace(draft.parents, room_ref=room))
    assert making.clashing(db, amina, draft) == ()
    apart = replace(draft, parents=replace(draft.parents, programme="kids_club"))
    assert [one.who for one in making.clashing(db, amina, apart)] == ["Blue room"]


def test_only_who_may_make_groups_makes_a_pair(db: Session, ben: Actor, chloe: Actor) -> None:
    with pytest.raises(NotPermittedError):
        making.create(db, ben, draft_of(ben, chloe))
    with pytest.raises(NotPermittedError):
        making.clashing(db, ben, draft_of(ben, chloe))


# --- Changing ----------------------------------------------------------------------------


@pytest.mark.parametrize("half", [0, 1])
def test_a_move_is_offered_to_the_other_half_and_made_in_both(
    db: Session, amina: Actor, boats: tuple[Group, Group], half: int
) -> None:
    mine, other = boats[half], boats[1 - half]
    move = Move(ref_of(db, mine, 3), at(10, 8, 13, 30))
    offered = changing.other_half(db, amina, mine.ref, move)
    assert offered is not None
    assert (offered.ref, offered.change) == (other.ref, replace(move, ref=ref_of(db, other, 3)))
    assert offered.preview is not None
    assert len(offered.preview.lines) == 1
    both(db, amina, mine, move)
    assert times(db, mine) == times(db, other)
    assert times(db, mine)[2][1] == move.starts


def test_all_to_come_cancelled_and_held_after_all_go_together(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    both(db, amina, parents, MoveAll(ref_of(db, parents, 4), date(2026, 10, 15), (3,), time(14)))
    assert times(db, parents) == times(db, children)
    lost = ref_of(db, children, 5)
    both(db, amina, children, Cancel(lost, "The heating is broken", keeps_length=True))
    assert times(db, parents) == times(db, children)
    both(db, amina, children, Restore(lost, drops_last=True))
    assert times(db, parents) == times(db, children)
    assert [shape for _n, _at, shape in times(db, parents)][-1] == "together"


def test_one_half_may_change_alone_and_both_pages_say_they_are_out_of_step(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    alone(db, amina, parents, Move(ref_of(db, parents, 3), at(10, 8, 10)))
    for group in boats:
        found = view.of_group(db, amina, group.ref)
        assert found is not None
        assert [at.date() for at in found.out_of_step] == [date(2026, 10, 6), date(2026, 10, 8)]
    assert times(db, children)[2][1] == at(10, 6, 10)


def test_a_session_the_other_half_has_none_for_is_changed_by_itself(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, _children = boats
    alone(db, amina, parents, Move(ref_of(db, parents, 3), at(10, 8, 10)))
    again = changing.other_half(
        db,
        amina,
        parents.ref,
        Cancel(ref_of(db, parents, 3), "Nobody can come", keeps_length=False),
    )
    assert again is not None
    assert (again.change, again.preview) == (None, None)


def test_what_cannot_be_done_in_the_other_half_is_said(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    alone(db, amina, children, Add(at(10, 8, 10), 60, "A film"))
    offered = changing.other_half(
        db, amina, parents.ref, Move(ref_of(db, parents, 3), at(10, 8, 10))
    )
    assert offered is not None
    assert offered.preview is None
    assert offered.problem is not None
    assert "There is a session on 8 October 2026" in offered.problem


def test_a_change_of_both_that_one_half_refuses_is_made_in_neither(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    move = Move(ref_of(db, parents, 3), at(10, 8, 10))
    offered = changing.other_half(db, amina, parents.ref, move)
    assert offered is not None
    assert offered.change is not None
    assert offered.preview is not None
    seen = one_half.preview(db, amina, parents.ref, move).version
    alone(db, amina, children, Move(ref_of(db, children, 9), at(11, 18, 10)))
    before = times(db, parents)
    stale = Confirmed(offered.ref, offered.change, offered.preview.version)
    undo = db.begin_nested()
    with pytest.raises(ConflictError, match="changed while you had it open"):
        changing.apply(db, amina, parents.ref, move, version=seen, other=stale)
    undo.rollback()
    assert times(db, parents) == before


def test_a_stranger_group_is_not_changed_as_if_it_were_the_other_half(
    db: Session, amina: Actor, ben: Actor, boats: tuple[Group, Group]
) -> None:
    stranger = make_group(db, amina, [ben], code_name="Night owls")
    move = Move(ref_of(db, boats[0], 3), at(10, 8, 10))
    version = one_half.preview(db, amina, boats[0].ref, move).version
    other = Confirmed(stranger.ref, Move(ref_of(db, stranger, 3), move.starts), 1)
    with pytest.raises(NotFoundError):
        changing.apply(db, amina, boats[0].ref, move, version=version, other=other)


def test_together_or_apart_is_changed_for_one_session_in_both_halves(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    reshape = Reshape(ref_of(db, parents, 4), Shape.APART)
    version = one_half.preview(db, amina, parents.ref, reshape).version
    with pytest.raises(InvalidInputError, match="Both halves are together, or neither is"):
        changing.apply(db, amina, parents.ref, reshape, version=version)
    both(db, amina, parents, reshape)
    for group in (parents, children):
        assert [shape for _n, _at, shape in times(db, group)][2:5] == [
            "in_turns", "apart", "in_turns",
        ]  # fmt: skip


def test_a_group_that_stands_alone_is_neither_together_nor_apart(
    db: Session, amina: Actor, ben: Actor
) -> None:
    craft = make_group(db, amina, [ben], first_day=FIRST)
    assert view.of_group(db, amina, craft.ref) is None
    assert changing.other_half(db, amina, craft.ref, Add(at(9, 30, 9), 60, "X")) is None
    with pytest.raises(InvalidInputError, match="Only where parents and children"):
        one_half.preview(db, amina, craft.ref, Reshape(ref_of(db, craft, 2), Shape.APART))


def test_only_who_may_change_groups_changes_a_pair(
    db: Session, ben: Actor, boats: tuple[Group, Group]
) -> None:
    move = Move(ref_of(db, boats[0], 3), at(10, 8, 10))
    with pytest.raises(NotPermittedError):
        changing.other_half(db, ben, boats[0].ref, move)
    with pytest.raises(NotPermittedError):
        changing.apply(db, ben, boats[0].ref, move, version=1)


# --- Several at once ---------------------------------------------------------------------


def test_two_who_change_a_pair_from_its_two_ends_make_one_change(house: dict[str, Actor]) -> None:
    amina = house["amina"]
    with transaction() as db:
        pair = make_pair(db, amina, house["ben"], house["chloe"])
        acts = [_ready(db, amina, group) for group in (*pair, *pair)]

    answers = together(*acts)

    assert sum(isinstance(answer, ConflictError) for answer in answers) == 3
    with transaction() as db:
        assert times(db, pair[0]) == times(db, pair[1])
        assert len(times(db, pair[0])) == 9


def _ready(db: Session, amina: Actor, group: Group) -> Callable[[], None]:
    """A cancelled session in both halves, looked at and ready to be confirmed."""
    wanted = Cancel(ref_of(db, group, 3), "Snow", keeps_length=False)
    version = one_half.preview(db, amina, group.ref, wanted, with_other_half=True).version
    offered = changing.other_half(db, amina, group.ref, wanted)
    assert offered is not None
    assert offered.change is not None
    assert offered.preview is not None
    other = Confirmed(offered.ref, offered.change, offered.preview.version)

    def act() -> None:
        with transaction() as own:
            changing.apply(own, amina, group.ref, wanted, version=version, other=other)

    return act


# --- Bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"sessions": 500}, "sessions"),
        ({"weekdays": []}, "weekdays"),
        ({"programme": "no such programme"}, "programme"),
        # On this Sunday the clocks go from one to two.
        ({"first_day": date(2027, 3, 28), "weekdays": [6], "start": time(1, 30)}, "first_day"),
        ({"skip": [(date(2026, 12, 1), date(2026, 11, 1))]}, "first_day"),
    ],
)
def test_a_plan_that_cannot_be_is_said_at_its_field_and_makes_neither_half(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, more: dict[str, object], field: str
) -> None:
    draft = draft_of(ben, chloe)
    draft = replace(draft, parents=replace(draft.parents, **more))  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError) as caught:
        making.create(db, amina, draft)
    assert set(caught.value.problems) == {field}
    assert db.scalar(select(func.count()).select_from(Group)) == 0
