"""Who changes no schedule, what is not changed, two at once, and what a change costs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupState,
)
from services.attendance import AttendanceCode as Code
from services.db import transaction
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups.schedules import changing
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Move,
    PutBreak,
)
from services.permissions import Actor
from services.registers import finishing
from services.tallies import recount
from tests.conftest import Statements
from tests.make import make_group, make_person, make_place, session_of
from tests.services.groups.craft import FIRST, at, change, codes, ref_of, rows, tap, together


@pytest.mark.parametrize("who", ["ben", "chloe", "ada", "vik", "erin"])
def test_those_who_do_not_make_groups_change_no_schedule(
    db: Session, craft: Group, who: str, request: pytest.FixtureRequest
) -> None:
    actor, wanted = request.getfixturevalue(who), PutBreak(FIRST, FIRST)
    with pytest.raises(NotPermittedError):
        changing.outline(db, actor, craft.ref)
    with pytest.raises(NotPermittedError):
        changing.preview(db, actor, craft.ref, wanted)
    with pytest.raises(NotPermittedError):
        changing.apply(db, actor, craft.ref, wanted, version=1)


def test_a_group_that_is_not_there_reads_as_one_that_is_not_hers(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        changing.preview(db, amina, "nowhere", PutBreak(FIRST, FIRST))
    with pytest.raises(NotFoundError):
        changing.apply(db, amina, "nowhere", PutBreak(FIRST, FIRST), version=1)


def test_the_same_change_sent_twice_is_made_once(db: Session, amina: Actor, craft: Group) -> None:
    wanted = Add(at(date(2026, 9, 19)), 90, "A walk together")
    seen = changing.preview(db, amina, craft.ref, wanted).version
    changing.apply(db, amina, craft.ref, wanted, version=seen)

    with pytest.raises(ConflictError, match="was changed while you had it open"):
        changing.apply(db, amina, craft.ref, wanted, version=seen)

    assert len(rows(db, craft)) == 13


def test_a_session_held_meanwhile_is_not_changed_unseen(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    place.joined_on = FIRST
    db.flush()
    wanted = Cancel(ref_of(db, craft, 3), "Snow", keeps_length=True)
    seen = changing.preview(db, amina, craft.ref, wanted).version
    tap(db, ben, place, session_of(db, craft, 1), Code.ATTENDED)
    db.flush()

    with pytest.raises(ConflictError):
        changing.apply(db, amina, craft.ref, wanted, version=seen)


def test_a_held_session_is_not_cancelled(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    finishing.finish(db, ben, ref_of(db, craft, 1))

    with pytest.raises(InvalidInputError, match="has been held, so it cannot be cancelled"):
        changing.preview(
            db, amina, craft.ref, Cancel(ref_of(db, craft, 1), "Snow", keeps_length=True)
        )


def test_the_schedule_of_a_group_that_ended_stays(db: Session, amina: Actor, craft: Group) -> None:
    craft.state = GroupState.CLOSED
    db.flush()

    with pytest.raises(ConflictError, match="has ended"):
        changing.preview(db, amina, craft.ref, PutBreak(FIRST, FIRST))


def test_two_who_change_one_schedule_at_once_make_one_change(house: dict[str, Actor]) -> None:
    amina = house["amina"]
    with transaction() as db:
        group = make_group(db, amina, [house["ben"]], first_day=FIRST)
        wanted = Cancel(ref_of(db, group, 3), "Snow", keeps_length=True)
        seen = changing.preview(db, amina, group.ref, wanted).version

    def act() -> None:
        with transaction() as db:
            changing.apply(db, amina, group.ref, wanted, version=seen)

    answers = together(act, act, act)

    assert sum(isinstance(answer, ConflictError) for answer in answers) == 2
    with transaction() as db:
        assert len(rows(db, group)) == 13


def test_a_schedule_changed_while_a_register_is_marked_harms_neither(
    house: dict[str, Actor],
) -> None:
    amina, ben = house["amina"], house["ben"]
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=FIRST)
        place = make_place(db, amina, group, make_person(db, amina))
        fifth = session_of(db, group, 5)
        wanted = Move(ref_of(db, group, 3), at(date(2026, 9, 30)))

    def move() -> None:
        with transaction() as db:
            change(db, amina, group, wanted)

    def apologise() -> None:
        with transaction() as db:
            tap(db, ben, place, fifth, Code.APOLOGIES)

    answers = together(move, apologise)

    assert answers[1] is None
    with transaction() as db:
        assert recount.differences(db) == []
        assert codes(db, fifth) == ["A"]


# --- What it costs -----------------------------------------------------------------------------


@pytest.fixture
def costs(
    db: Session,
    amina: Actor,
    ben: Actor,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> Callable[[int], tuple[int, int]]:
    """How many statements a look and a change take, with so many people and other groups."""

    def measured(size: int) -> tuple[int, int]:
        group = make_group(db, amina, [ben], code_name=f"Of {size}", first_day=FIRST, capacity=20)
        for number in range(size):
            make_place(db, amina, group, make_person(db, amina, f"P{size}x{number}"))
            later = FIRST + timedelta(weeks=1)
            make_group(db, amina, [ben], code_name=f"Other {size}x{number}", first_day=later)
        wanted = Cancel(ref_of(db, group, 3), "Snow", keeps_length=True)
        db.expire_all()
        with count_queries() as looking:
            seen = changing.preview(db, amina, group.ref, wanted).version
        with count_queries() as changed:
            changing.apply(db, amina, group.ref, wanted, version=seen, despite="Ben is needed")
        return len(looking), len(changed)

    return measured


def test_what_a_change_costs_does_not_grow_with_people_or_groups(
    costs: Callable[[int], tuple[int, int]],
) -> None:
    few, many = costs(1), costs(8)

    assert many[0] <= few[0] <= 15
    assert many[1] <= few[1] + 1 <= 60
