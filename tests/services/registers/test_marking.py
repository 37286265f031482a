"""Taps on a register: saved at once, counted once, never over somebody else's."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupState, Mark, Place, PlaceState, SessionState
from services.attendance import AttendanceCode as Code
from services.errors import NotFoundError, NotPermittedError
from services.permissions import Actor
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark, Taken
from services.tallies import session_counts, tallies
from services.tallies.tallies import Cell, Kind
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's whose second session is today."""
    return make_group(db, amina, [ben], first_day=date(2026, 9, 9))


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group, time_stands_still: Clock) -> Place:
    """Somebody with a place from the first session on."""
    time_stands_still.go_on(days=-10)
    place = make_place(db, amina, craft, make_person(db, amina))
    time_stands_still.go_on(days=10)
    return place


def tap(
    db: Session, actor: Actor, group: Group, place: Place, code: Code | None, **more: object
) -> Taken:
    number = more.pop("number", 2)
    name = more.pop("tap", f"tap-{code}-{more.get('version', 0)}-{actor.username}")
    new = NewMark(tap=name, place_ref=place.ref, code=code, **more)  # type: ignore[arg-type]
    return marking.mark(db, actor, session_of(db, group, number).ref, [new])[0]  # type: ignore[arg-type]


def test_a_tap_is_saved_and_counted(db: Session, ben: Actor, craft: Group, dana: Place) -> None:
    assert tap(db, ben, craft, dana, Code.ATTENDED).saved

    line = registers.view(db, ben, session_of(db, craft, 2).ref).lines[0]
    assert (line.code, line.version, line.by) == (Code.ATTENDED, 1, None)
    assert (dana.attended, dana.covered, dana.state) == (1, 1, PlaceState.STARTED)
    assert tallies.stored(db)[_cell(Kind.MARK, "P", 2)] == 1
    assert tallies.stored(db)[_cell(Kind.PLACE, "started")] == 1


def test_the_first_tap_shows_that_the_session_took_place(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    tap(db, ben, craft, dana, Code.DID_NOT_ATTEND)

    assert session_of(db, craft, 2).state is SessionState.HELD
    assert craft.state is GroupState.RUNNING


def test_the_same_tap_sent_twice_counts_once(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    tap(db, ben, craft, dana, Code.ATTENDED, tap="one")
    tap(db, ben, craft, dana, Code.LATE, tap="two", version=1)

    assert tap(db, ben, craft, dana, Code.ATTENDED, tap="one").saved

    mark = db.scalars(select(Mark)).one()
    assert (mark.code, mark.version) == ("L", 2)


def test_taking_a_mark_back_takes_its_counts_back(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    tap(db, ben, craft, dana, Code.ATTENDED)
    tap(db, ben, craft, dana, None, version=1)

    assert (dana.attended, dana.state) == (0, PlaceState.ACCEPTED)
    assert tallies.stored(db)[_cell(Kind.MARK, "P", 2)] == 0
    assert tallies.stored(db)[_cell(Kind.PLACE, "started")] == 0


def test_a_tap_over_a_colleagues_newer_mark_is_not_saved(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, time_stands_still: Clock
) -> None:
    shared = make_group(db, amina, [ben, chloe], first_day=TODAY)
    place = make_place(db, amina, shared, make_person(db, amina))
    tap(db, ben, shared, place, Code.ATTENDED, number=1)

    taken = tap(db, chloe, shared, place, Code.APOLOGIES, number=1)

    assert taken.conflict
    assert not taken.saved
    line = registers.view(db, chloe, session_of(db, shared).ref).lines[0]
    assert (line.code, line.by) == (Code.ATTENDED, "Ben")
    assert tap(db, chloe, shared, place, Code.APOLOGIES, number=1, tap="mine", version=1).saved


def test_two_quick_taps_of_ones_own_are_both_saved_in_order(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    first = NewMark(tap="a", place_ref=dana.ref, code=Code.ATTENDED)
    second = NewMark(tap="b", place_ref=dana.ref, code=Code.LATE, minutes=10)

    answers = marking.mark(db, ben, session_of(db, craft, 2).ref, [first, second])

    assert [answer.saved for answer in answers] == [True, True]
    mark = db.scalars(select(Mark)).one()
    assert (mark.code, mark.minutes) == ("L", 10)


@pytest.mark.parametrize(
    ("minutes", "code", "state"),
    [
        (180, Code.ATTENDED, SessionState.PLANNED),
        (31, Code.ATTENDED, SessionState.PLANNED),
        (30, Code.ATTENDED, SessionState.HELD),
        (5, Code.NOT_BROUGHT, SessionState.HELD),
        (5, Code.APOLOGIES, SessionState.PLANNED),
        (-5, Code.APOLOGIES, SessionState.PLANNED),
        (-5, Code.DID_NOT_ATTEND, SessionState.HELD),
    ],
)
def test_on_the_day_any_mark_is_taken_and_no_session_is_held_before_people_come(
    db: Session, ben: Actor, craft: Group, dana: Place, time_stands_still: Clock,
    minutes: int, code: Code, state: SessionState,
) -> None:  # fmt: skip
    held = session_of(db, craft, 3)
    time_stands_still.moment = held.starts_at - timedelta(minutes=minutes)

    assert tap(db, ben, craft, dana, code, number=3).saved

    is_held = state is SessionState.HELD
    assert held.state is state
    assert sum(session_counts.recount(db).values()) == is_held
    assert (craft.state is GroupState.RUNNING) is is_held


def test_what_was_marked_too_early_is_held_once_its_register_is_finished(
    db: Session, ben: Actor, craft: Group, dana: Place, time_stands_still: Clock
) -> None:
    held = session_of(db, craft, 3)
    time_stands_still.moment = held.starts_at - timedelta(hours=2)
    tap(db, ben, craft, dana, Code.ATTENDED, number=3)

    time_stands_still.moment = held.ends_at
    finishing.finish(db, ben, held.ref)

    assert held.state is SessionState.HELD


def test_a_tap_taken_back_or_refused_shows_nothing(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    tap(db, ben, craft, dana, Code.CATCH_UP)
    tap(db, ben, craft, dana, None)

    assert session_of(db, craft, 2).state is SessionState.PLANNED


def test_of_several_taps_at_once_one_who_came_shows_it_and_one_refused_does_not(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Place
) -> None:
    held, ines = session_of(db, craft, 2), make_place(db, amina, craft, make_person(db, amina))
    told = NewMark(tap="told", place_ref=dana.ref, code=Code.APOLOGIES)
    nobody = NewMark(tap="nobody", place_ref="nobody", code=Code.ATTENDED)

    marking.mark(db, ben, held.ref, [told, nobody])
    assert held.state is SessionState.PLANNED

    again = NewMark(tap="again", place_ref=dana.ref, code=Code.APOLOGIES, version=1)
    came = NewMark(tap="came", place_ref=ines.ref, code=Code.ATTENDED)
    marking.mark(db, ben, held.ref, [again, came])
    assert held.state is SessionState.HELD


@pytest.mark.parametrize(
    ("code", "saved"),
    [(Code.APOLOGIES, True), (Code.NOT_EXPECTED, True), (Code.ATTENDED, False)],
)
def test_before_the_day_only_apologies_can_be_marked(
    db: Session, ben: Actor, craft: Group, dana: Place, code: Code, saved: bool
) -> None:
    assert tap(db, ben, craft, dana, code, number=3).saved is saved
    assert session_of(db, craft, 3).state is SessionState.PLANNED


def test_a_finished_register_takes_no_more_marks(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    tap(db, ben, craft, dana, Code.ATTENDED)
    finishing.finish(db, ben, session_of(db, craft, 2).ref)

    refusal = tap(db, ben, craft, dana, Code.LATE, version=1).refusal

    assert refusal is not None
    assert "Reopen it" in refusal


def test_a_cancelled_session_takes_no_marks(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    session_of(db, craft, 2).state = SessionState.CANCELLED

    assert "cancelled" in str(tap(db, ben, craft, dana, Code.ATTENDED).refusal)


def test_somebody_who_is_not_on_the_register_cannot_be_marked(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    other = make_group(db, amina, [ben], code_name="Another", first_day=TODAY)
    elsewhere = make_place(db, amina, other, make_person(db, amina))

    assert "not on this register" in str(tap(db, ben, craft, elsewhere, Code.ATTENDED).refusal)


@pytest.mark.parametrize("minutes", [-1, 181])
def test_impossible_minutes_are_refused(
    db: Session, ben: Actor, craft: Group, dana: Place, minutes: int
) -> None:
    assert "between 0 and 180" in str(tap(db, ben, craft, dana, Code.LATE, minutes=minutes).refusal)


def test_a_catch_up_is_no_tap_for_its_day_and_who_held_it_are_kept(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    assert "with its day" in str(tap(db, ben, craft, dana, Code.CATCH_UP).refusal)


def test_a_stranger_does_not_find_the_session(
    db: Session, chloe: Actor, craft: Group, dana: Place
) -> None:
    with pytest.raises(NotFoundError):
        tap(db, chloe, craft, dana, Code.ATTENDED)


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_take_registers(
    db: Session, craft: Group, dana: Place, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        tap(db, request.getfixturevalue(who), craft, dana, Code.ATTENDED)


def test_a_batch_costs_at_most_two_statements_more_for_each_further_person(
    db: Session, amina: Actor, ben: Actor, craft: Group, count_queries: Callable[[], object]
) -> None:
    people = [make_person(db, amina, f"Person{letter}") for letter in "abcdefgh"]
    places = [make_place(db, amina, craft, person) for person in people]
    ref = session_of(db, craft, 2).ref
    marks = [NewMark(tap=p.ref, place_ref=p.ref, code=Code.ATTENDED) for p in places]
    db.flush()

    with count_queries() as one:  # type: ignore[attr-defined]
        marking.mark(db, ben, ref, marks[:1])
    with count_queries() as seven:  # type: ignore[attr-defined]
        marking.mark(db, ben, ref, marks[1:])

    assert len(one) <= 15  # one of them for the referrals of whoever is marked
    assert len(seven) <= len(one) + 2 * 6


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    codes=st.lists(
        st.none() | st.sampled_from(sorted(set(Code) - {Code.CANCELLED, Code.CATCH_UP})), max_size=8
    )
)
def test_counts_always_agree_with_the_last_mark(
    db: Session, ben: Actor, craft: Group, dana: Place, codes: list[Code | None]
) -> None:
    with db.begin_nested() as undo:
        ref = session_of(db, craft, 2).ref
        taps = [NewMark(tap=f"t{n}", place_ref=dana.ref, code=c) for n, c in enumerate(codes)]
        marking.mark(db, ben, ref, taps)

        last = codes[-1] if codes else None
        is_held = any(code not in marking.AHEAD_OF_TIME for code in codes)
        expected = {last.value: 1} if last and is_held else {}
        counted = {cell.key: n for cell, n in tallies.stored(db).items() if cell.kind is Kind.MARK}
        assert {key: n for key, n in counted.items() if n} == expected
        assert dana.attended == int(last is not None and last.attended)
        assert dana.covered == int(last is not None and last.covers_content)
        undo.rollback()
    db.expire_all()


def _cell(kind: Kind, key: str, first: int = 0) -> Cell:
    return Cell(kind, "steps_forward", "2026-Q3", key, first)
