"""When somebody is free: weekly hours, days away, more hours, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clock import LONDON
from services.volunteers.availability.hours import (
    DAY,
    Away,
    Extra,
    Hours,
    as_time,
    is_free,
    minutes,
)
from services.volunteers.availability.hours import overlapping as shared

SUNDAY = 6
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # Sundays on which the clocks change
TUESDAY_MORNING = [Hours(1, 9 * 60, 12 * 60)]
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def wall(day: date, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON).replace(fold=fold)


@pytest.mark.parametrize("day", [date(2026, 1, 13), date(2026, 7, 14)])
def test_hours_are_those_of_the_clock_on_the_wall_in_summer_and_in_winter(day: date) -> None:
    assert is_free(TUESDAY_MORNING, (), wall(day, 9), wall(day, 12))
    assert not is_free(TUESDAY_MORNING, (), wall(day, 8, 59), wall(day, 12))
    assert not is_free(TUESDAY_MORNING, (), wall(day, 9), wall(day, 12, 1))


def test_without_hours_nobody_is_free() -> None:
    assert not is_free((), (), wall(date(2026, 1, 13), 9), wall(date(2026, 1, 13), 10))


def test_a_day_away_comes_before_weekly_and_extra_hours() -> None:
    day = date(2026, 1, 13)
    away, extra = Away(day - timedelta(3), day), Extra(day, 9 * 60, 12 * 60)
    assert not is_free(TUESDAY_MORNING, [away, extra], wall(day, 9), wall(day, 10))
    assert is_free(
        TUESDAY_MORNING, [away], wall(day + timedelta(7), 9), wall(day + timedelta(7), 10)
    )


def test_hours_that_touch_count_as_one_and_an_extra_hour_fills_a_gap() -> None:
    day = date(2026, 1, 13)
    split = [Hours(1, 540, 600), Hours(1, 660, 720)]
    assert not is_free(split, (), wall(day, 9), wall(day, 12))
    assert is_free(split, [Extra(day, 600, 660)], wall(day, 9), wall(day, 12))


def test_a_session_over_midnight_needs_both_days() -> None:
    monday = date(2026, 1, 12)
    late, early = Hours(0, 22 * 60, DAY), Hours(1, 0, 120)
    starts, ends = wall(monday, 23), wall(monday + timedelta(1), 1)
    assert is_free([late, early], (), starts, ends)
    assert not is_free([late], (), starts, ends)


def test_in_autumn_the_hour_that_comes_twice_must_be_free_as_a_whole() -> None:
    starts, ends = wall(AUTUMN, 1, 30), wall(AUTUMN, 1, 30, fold=1)
    assert ends - starts == timedelta()  # equal on the wall, an hour apart in truth
    assert not is_free([Hours(SUNDAY, 90, 120)], (), starts, ends)
    assert is_free([Hours(SUNDAY, 60, 120)], (), starts, ends)


def test_in_spring_the_hour_that_is_left_out_need_not_be_free() -> None:
    hours = [Hours(SUNDAY, 30, 60), Hours(SUNDAY, 120, 180)]
    assert is_free(hours, (), wall(SPRING, 0, 30), wall(SPRING, 3))
    other_sunday = SPRING + timedelta(7)
    assert not is_free(hours, (), wall(other_sunday, 0, 30), wall(other_sunday, 3))


def test_a_session_that_does_not_end_after_it_begins_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="must end after"):
        is_free(TUESDAY_MORNING, (), wall(date(2026, 1, 13), 9), wall(date(2026, 1, 13), 9))


def test_hours_that_touch_do_not_share_time() -> None:
    assert shared([Hours(1, 540, 600), Hours(1, 600, 660)]) is None
    assert shared([Hours(1, 540, 601), Hours(1, 600, 660)]) is not None
    assert shared([Hours(1, 540, 601), Hours(2, 600, 660)]) is None


def test_midnight_ends_a_day_and_begins_one() -> None:
    assert minutes(time(0)) == 0
    assert minutes(time(0), is_end=True) == DAY
    assert as_time(DAY) == time(0)


# --- Against a plain model: every minute on the wall, one by one -----------------------------

some_hours = st.builds(
    lambda weekday, starts, length: Hours(weekday, starts * 15, min(DAY, (starts + length) * 15)),
    st.integers(0, 6), st.integers(0, 95), st.integers(1, 60),
)  # fmt: skip
# Around the two changes of the clocks, where mistakes would be.
some_days = st.one_of(
    st.integers(-2, 2).map(lambda n: SPRING + timedelta(n)),
    st.integers(-2, 2).map(lambda n: AUTUMN + timedelta(n)),
)
some_exceptions = st.one_of(
    st.builds(lambda day, more: Away(day, day + timedelta(more)), some_days, st.integers(0, 2)),
    st.builds(
        lambda day, starts, length: Extra(day, starts * 15, min(DAY, (starts + length) * 15)),
        some_days, st.integers(0, 95), st.integers(1, 60),
    ),
)  # fmt: skip


def by_the_minute(
    hours: list[Hours], exceptions: list[Away | Extra], starts: datetime, ends: datetime
) -> bool:
    moment = starts
    while moment < ends:
        on = moment.astimezone(LONDON)
        day, minute = on.date(), on.hour * 60 + on.minute
        if any(isinstance(e, Away) and e.starts_on <= day <= e.ends_on for e in exceptions):
            return False
        usual = any(h.weekday == day.weekday() and h.starts <= minute < h.ends for h in hours)
        more = any(
            isinstance(e, Extra) and e.on == day and e.starts <= minute < e.ends for e in exceptions
        )
        if not (usual or more):
            return False
        moment += timedelta(minutes=1)
    return True


@CALM
@given(
    hours=st.lists(some_hours, max_size=8),
    exceptions=st.lists(some_exceptions, max_size=3),
    day=some_days,
    quarter=st.integers(0, 95),
    length=st.integers(1, 30),
)
def test_free_is_every_minute_that_the_clock_on_the_wall_shows(
    hours: list[Hours], exceptions: list[Away | Extra], day: date, quarter: int, length: int
) -> None:
    starts = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=15 * quarter)
    ends = starts + timedelta(minutes=15 * length)

    assert is_free(hours, exceptions, starts, ends) == by_the_minute(
        hours, exceptions, starts, ends
    )


@CALM
@given(hours=st.lists(some_hours, max_size=5))
def test_hours_share_time_when_some_minute_is_in_two_of_them(hours: list[Hours]) -> None:
    taken = [(h.weekday, m) for h in hours for m in range(h.starts, h.ends)]

    assert (shared(hours) is not None) == (len(set(taken)) < len(taken))
