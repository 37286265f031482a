"""What holds of a schedule whatever is changed, and however often."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.groups.schedules.changes import changed, warnings
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Change,
    ChangeRoom,
    Meeting,
    Move,
    MoveAll,
    PutBreak,
    Reshape,
    Restore,
    Schedule,
    Shape,
    Standing,
    Swap,
)
from services.scheduling import REGIONS
from tests.services.groups.plans import TEN, a_schedule, numbers, topics

CALM = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
FIRST = st.dates(date(2026, 1, 5), date(2027, 12, 31))
# By day only: at night a time may not exist, which is a case of its own.
DAYTIME = st.builds(time, st.integers(8, 20), st.sampled_from((0, 15, 30)))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1, max_size=3).map(lambda days: tuple(sorted(days)))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    count = draw(st.integers(2, 12))
    return a_schedule(
        draw(FIRST),
        draw(WEEKDAYS),
        count,
        held=draw(st.integers(0, count - 1)),
        interval_weeks=draw(st.sampled_from((1, 1, 2))),
        region=draw(st.sampled_from(list(REGIONS))),
    )


@st.composite
def any_change(draw: st.DrawFn, schedule: Schedule) -> Change:
    ref = st.sampled_from([one.ref for one in schedule.meetings])
    first, last = schedule.meetings[0].starts.date(), schedule.meetings[-1].starts.date()
    day = st.dates(first - timedelta(20), last + timedelta(60))
    moment = st.builds(datetime.combine, day, DAYTIME)
    change: Change = draw(
        st.one_of(
            st.builds(Move, ref, moment),
            st.builds(MoveAll, ref, day, WEEKDAYS, DAYTIME),
            st.builds(Cancel, ref, st.just("Snow"), st.booleans()),
            st.builds(Add, moment, st.integers(15, 240), st.just("Extra")),
            st.builds(Swap, ref, ref),
            st.builds(Restore, ref, st.booleans()),
            st.builds(Reshape, ref, st.sampled_from(Shape)),
            st.builds(PutBreak, day, day),
            st.builds(ChangeRoom, st.sampled_from(("blue", None)), st.none() | ref),
        )
    )
    return change


def facts(one: Meeting) -> tuple[object, ...]:
    return one.ref, one.topic, one.starts, one.minutes, one.state, one.room


@CALM
@given(st.data(), schedules())
def test_whatever_is_changed_and_however_often_the_rules_hold(
    data: st.DataObject, schedule: Schedule
) -> None:
    refusals: list[str] = []
    for step in range(4):
        before = schedule
        try:
            schedule = changed(before, data.draw(any_change(before)))
        except ValueError as refusal:
            refusals.append(str(refusal))
            continue
        # A session that was added gets a reference as the database would give it one.
        named = tuple(replace(one, ref=one.ref or f"new{step}") for one in schedule.meetings)
        schedule = replace(schedule, meetings=named)
        assert numbers(schedule) == list(range(1, len(schedule.live) + 1))
        assert all(one.ends <= two.starts for one, two in pairwise(schedule.live))
        held = [facts(one) for one in before.meetings if one.state is Standing.HELD]
        assert [facts(one) for one in schedule.meetings if facts(one) in held] == held
        assert schedule != before
    assert all(sentence.endswith(".") for sentence in refusals)


@CALM
@given(st.data(), schedules())
def test_moving_a_session_and_moving_it_back_is_not_moving_it(
    data: st.DataObject, schedule: Schedule
) -> None:
    one = data.draw(st.sampled_from([one for one in schedule.meetings if one.is_planned]))
    day = data.draw(st.dates(one.starts.date(), one.starts.date() + timedelta(90)))
    try:
        moved = changed(schedule, Move(one.ref, datetime.combine(day, data.draw(DAYTIME))))
    except ValueError:
        assume(False)

    assert changed(moved, Move(one.ref, one.starts)) == schedule


@CALM
@given(st.data(), schedules())
def test_moving_all_to_come_and_moving_them_back_is_not_moving_them(
    data: st.DataObject, schedule: Schedule
) -> None:
    one = data.draw(st.sampled_from([one for one in schedule.meetings if one.is_planned]))
    day = data.draw(st.dates(one.starts.date(), one.starts.date() + timedelta(90)))
    away = MoveAll(one.ref, day, data.draw(WEEKDAYS), data.draw(DAYTIME))
    back = MoveAll(one.ref, one.starts.date(), schedule.rhythm.weekdays, TEN)
    try:
        moved = changed(schedule, away)
    except ValueError:
        assume(False)

    assert changed(moved, back).meetings == schedule.meetings


@CALM
@given(st.data(), schedules(), st.booleans())
def test_a_session_that_takes_place_after_all_leaves_the_series_as_it_was(
    data: st.DataObject, schedule: Schedule, keeps_length: bool
) -> None:
    one = data.draw(st.sampled_from([one for one in schedule.meetings if one.is_planned]))
    assume(keeps_length or len(schedule.live) > 1)
    cancelled = changed(schedule, Cancel(one.ref, "Snow", keeps_length))

    after = changed(cancelled, Restore(one.ref, drops_last=keeps_length))

    assert after.live == schedule.live
    assert numbers(after) == list(range(1, len(schedule.live) + 1))


@CALM
@given(st.data(), schedules())
def test_swapping_twice_is_not_swapping(data: st.DataObject, schedule: Schedule) -> None:
    planned = [one.ref for one in schedule.meetings if one.is_planned]
    assume(len(planned) > 1)
    pair = data.draw(st.lists(st.sampled_from(planned), min_size=2, max_size=2, unique=True))

    assert changed(changed(schedule, Swap(*pair)), Swap(*pair)) == schedule


@CALM
@given(st.data(), schedules())
def test_a_series_that_keeps_its_length_keeps_its_topics(
    data: st.DataObject, schedule: Schedule
) -> None:
    one = data.draw(st.sampled_from([one for one in schedule.meetings if one.is_planned]))

    after = changed(schedule, Cancel(one.ref, "Snow", keeps_length=True))

    assert topics(after) == topics(schedule)
    assert after.live[-1].starts.time() == TEN
    assert not warnings(schedule, after)
