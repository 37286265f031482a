"""The register: who stands on it, finishing, reopening, and notes."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupState, Place, PlaceState
from services.attendance import AttendanceCode as Code
from services.errors import InvalidInputError, NotFoundError
from services.permissions import Actor
from services.places import places
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that starts today, at ten on the wall: it is half past one now."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    return make_place(db, amina, craft, make_person(db, amina))


def mark(
    db: Session, actor: Actor, group: Group, place: Place, code: Code, number: int = 1
) -> None:
    new = NewMark(tap=f"{place.ref}{number}", place_ref=place.ref, code=code)
    assert marking.mark(db, actor, session_of(db, group, number).ref, [new])[0].saved


def test_a_register_lists_names_in_order_with_needs_and_alerts(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    make_place(db, amina, craft, make_person(db, amina, "Zoe", access_needs="Step-free room"))
    make_place(db, amina, craft, make_person(db, amina, "Bea", alert="Court date this week"))

    lines = registers.view(db, ben, session_of(db, craft).ref).lines

    assert [line.name for line in lines] == ["Bea Okoro", "Zoe Okoro"]
    assert (lines[0].alert, lines[1].needs) == ("Court date this week", ("Step-free room",))


def test_a_colleagues_marks_of_meanwhile_stand_on_the_lines_of_whom_they_are_about(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, time_stands_still: Clock
) -> None:
    shared = make_group(db, amina, [ben, chloe], first_day=TODAY)
    bea, zoe = (
        make_place(db, amina, shared, make_person(db, amina, name)) for name in ("Bea", "Zoe")
    )
    time_stands_still.go_on(days=7)
    mark(db, chloe, shared, zoe, Code.DID_NOT_ATTEND, number=1)
    session = session_of(db, shared, 2).ref
    seen = registers.view(db, ben, session)

    mark(db, chloe, shared, bea, Code.ATTENDED, number=2)

    now = registers.with_marks_of_now(db, ben, seen)
    assert now == registers.view(db, ben, session)
    assert [(line.code, line.by) for line in now.lines] == [(Code.ATTENDED, "Chloe"), (None, None)]


def test_people_waiting_or_joining_later_are_not_on_it(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], first_day=TODAY, capacity=1)
    seated = make_place(db, amina, group, make_person(db, amina))
    make_place(db, amina, group, make_person(db, amina, "Waits"))

    assert [line.place_ref for line in _lines(db, ben, group, 1)] == [seated.ref]
    seated.joined_on = date(2026, 9, 23)
    db.flush()
    assert _lines(db, ben, group, 1) == ()
    assert len(_lines(db, ben, group, 2)) == 1


def test_somebody_who_left_stands_on_the_registers_until_then(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Place, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)
    places.leave(db, amina, dana.ref, on=date(2026, 9, 23), reason="", version=dana.version)

    assert len(_lines(db, ben, craft, 2)) == 1
    assert _lines(db, ben, craft, 3) == ()


def test_a_register_is_finished_once_everybody_has_a_mark(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    ref = session_of(db, craft).ref
    with pytest.raises(InvalidInputError, match="1 still without a mark: Dana Okoro"):
        finishing.finish(db, ben, ref)
    mark(db, ben, craft, dana, Code.DID_NOT_ATTEND)

    finishing.finish(db, ben, ref)
    finishing.finish(db, ben, ref)

    seen = registers.view(db, ben, ref)
    assert seen.finished_by == "Ben"


def test_a_session_still_to_come_cannot_be_finished(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    with pytest.raises(InvalidInputError, match="Finish its register afterwards"):
        finishing.finish(db, ben, session_of(db, craft, 2).ref)


def test_a_finished_register_is_reopened_with_a_reason(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    ref = session_of(db, craft).ref
    mark(db, ben, craft, dana, Code.ATTENDED)
    finishing.finish(db, ben, ref)

    with pytest.raises(InvalidInputError, match="why the register is reopened"):
        finishing.reopen(db, ben, ref, reason=" ")
    finishing.reopen(db, ben, ref, reason="Wrong person marked")

    assert registers.view(db, ben, ref).finished_at is None


def test_the_last_register_finishes_the_group_and_completes_who_covered_enough(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], first_day=TODAY)
    came = make_place(db, amina, group, make_person(db, amina, "Came"))
    once = make_place(db, amina, group, make_person(db, amina, "Once"))
    time_stands_still.go_on(weeks=20)
    for number in range(1, group.sessions_offered + 1):
        mark(db, ben, group, came, Code.ATTENDED, number)
        mark(db, ben, group, once, Code.ATTENDED if number == 1 else Code.APOLOGIES, number)
        finishing.finish(db, ben, session_of(db, group, number).ref)

    assert group.state is GroupState.FINISHED
    assert (came.state, once.state) == (PlaceState.COMPLETED, PlaceState.STARTED)


def test_a_mark_corrected_after_the_end_takes_completion_back_and_gives_it_again(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], first_day=TODAY)
    place = make_place(db, amina, group, make_person(db, amina))
    time_stands_still.go_on(weeks=20)
    for number in range(1, group.sessions_offered + 1):
        code = Code.ATTENDED if number <= group.sessions_to_complete else Code.APOLOGIES
        mark(db, ben, group, place, code, number)
        finishing.finish(db, ben, session_of(db, group, number).ref)
    first = session_of(db, group).ref
    finishing.unlock(db, amina, first, reason="The wrong person was marked")

    for code, state in ((Code.APOLOGIES, PlaceState.STARTED), (Code.LATE, PlaceState.COMPLETED)):
        new = NewMark(tap=code.value, place_ref=place.ref, code=code, version=9)
        marking.mark(db, ben, first, [new])
        assert place.state is state


def test_a_stranger_finds_no_register(db: Session, chloe: Actor, craft: Group) -> None:
    for look in (registers.view, finishing.finish):
        with pytest.raises(NotFoundError):
            look(db, chloe, session_of(db, craft).ref)


def _lines(db: Session, actor: Actor, group: Group, number: int) -> tuple[registers.Line, ...]:
    return registers.view(db, actor, session_of(db, group, number).ref).lines
