"""Planning sessions: holidays, breaks, rhythm, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduling import PlannedSession, plan_sessions

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
TEN = time(10)
# A slow machine is not a fault in what is tested.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def days(planned: list[PlannedSession]) -> list[str]:
    return [f"{session.starts_at:%Y-%m-%d}" for session in planned]


# --- Which days ----------------------------------------------------------------------------


def test_a_weekly_plan_passes_over_a_bank_holiday_and_keeps_its_numbers() -> None:
    planned = plan_sessions(date(2026, 4, 27), [MONDAY], TEN, 120, 3)

    assert days(planned) == ["2026-04-27", "2026-05-11", "2026-05-18"]  # 4 May is a holiday
    assert [session.number for session in planned] == [1, 2, 3]


def test_substitute_days_are_passed_over() -> None:
    planned = plan_sessions(date(2027, 12, 20), [MONDAY, TUESDAY], TEN, 120, 3)

    # Christmas 2027 falls on a Saturday: Monday and Tuesday stand in.
    assert days(planned) == ["2027-12-20", "2027-12-21", "2028-01-04"]


@pytest.mark.parametrize(
    ("region", "holiday"),
    [
        ("England", date(2026, 8, 31)),
        ("Wales", date(2026, 8, 31)),
        ("Scotland", date(2026, 8, 3)),
        ("Scotland", date(2026, 11, 30)),
        ("Northern Ireland", date(2026, 7, 13)),
        ("Northern Ireland", date(2026, 3, 17)),
    ],
)
def test_every_region_has_its_own_bank_holidays(region: str, holiday: date) -> None:
    weekday = holiday.weekday()

    planned = plan_sessions(holiday, weekday, TEN, 60, 1, region=region)

    assert days(planned) == [f"{holiday + timedelta(weeks=1)}"]


def test_a_whole_year_passes_over_exactly_the_days_announced() -> None:
    spring = plan_sessions(date(2026, 1, 1), range(7), TEN, 60, 176)
    autumn = plan_sessions(date(2026, 7, 1), range(7), TEN, 60, 181)

    year = {f"{date(2026, 1, 1) + timedelta(day)}" for day in range(365)}
    assert sorted(year - {*days(spring), *days(autumn)}) == [
        *("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25"),
        *("2026-08-31", "2026-12-25", "2026-12-26", "2026-12-28"),  # the 26th is a Saturday
    ]


def test_a_holiday_elsewhere_does_not_matter() -> None:
    assert days(plan_sessions(date(2026, 11, 30), MONDAY, TEN, 60, 1)) == ["2026-11-30"]
    assert days(plan_sessions(date(2026, 8, 31), 0, TEN, 60, 1, region="Scotland")) == [
        "2026-08-31"
    ]


def test_a_first_date_on_another_weekday_moves_on_to_the_next_that_fits() -> None:
    assert days(plan_sessions(date(2026, 9, 9), [TUESDAY], TEN, 60, 2)) == [
        "2026-09-15",
        "2026-09-22",
    ]


def test_several_weekdays_come_in_order_whatever_the_order_given() -> None:
    planned = plan_sessions(date(2026, 9, 9), (FRIDAY, TUESDAY, FRIDAY), TEN, 60, 4)

    assert days(planned) == ["2026-09-11", "2026-09-15", "2026-09-18", "2026-09-22"]


def test_single_dates_and_whole_breaks_are_passed_over() -> None:
    half_term = (date(2026, 10, 26), date(2026, 11, 3))

    planned = plan_sessions(
        date(2026, 10, 6), TUESDAY, TEN, 60, 4, skip=[date(2026, 10, 13), half_term]
    )

    assert days(planned) == ["2026-10-06", "2026-10-20", "2026-11-10", "2026-11-17"]


def test_both_ends_of_a_break_are_passed_over() -> None:
    planned = plan_sessions(
        date(2026, 9, 1), TUESDAY, TEN, 60, 2, skip=iter([(date(2026, 9, 1), date(2026, 9, 8))])
    )

    assert days(planned) == ["2026-09-15", "2026-09-22"]


def test_a_fortnightly_group_keeps_its_rhythm_over_a_holiday() -> None:
    planned = plan_sessions(date(2026, 4, 20), MONDAY, TEN, 60, 3, interval_weeks=2)

    assert days(planned) == ["2026-04-20", "2026-05-18", "2026-06-01"]


def test_a_first_date_that_is_a_holiday_still_sets_the_rhythm() -> None:
    planned = plan_sessions(date(2026, 5, 4), MONDAY, TEN, 60, 2, interval_weeks=2)

    assert days(planned) == ["2026-05-18", "2026-06-01"]


def test_fortnights_are_counted_in_weeks_from_monday() -> None:
    planned = plan_sessions(date(2026, 9, 10), [MONDAY, THURSDAY], TEN, 60, 4, interval_weeks=2)

    assert days(planned) == ["2026-09-10", "2026-09-21", "2026-09-24", "2026-10-05"]


def test_fortnights_start_in_the_week_of_the_first_fitting_date() -> None:
    planned = plan_sessions(date(2026, 9, 9), MONDAY, TEN, 60, 2, interval_weeks=2)

    assert days(planned) == ["2026-09-14", "2026-09-28"]


def test_a_datetime_counts_as_its_day() -> None:
    planned = plan_sessions(
        datetime(2026, 5, 4, 9, tzinfo=UTC),
        MONDAY,
        TEN,
        60,
        1,
        skip=[datetime(2026, 5, 11, 9, tzinfo=UTC)],
    )

    assert days(planned) == ["2026-05-18"]


# --- Clocks --------------------------------------------------------------------------------


def test_ten_oclock_stays_ten_oclock_in_summer_and_winter() -> None:
    planned = plan_sessions(date(2026, 10, 20), TUESDAY, TEN, 120, 2)

    assert [f"{s.starts_at:%H:%M}-{s.ends_at:%H:%M}" for s in planned] == ["10:00-12:00"] * 2
    assert [s.starts_at.astimezone(UTC).hour for s in planned] == [9, 10]


def test_a_session_over_a_clock_change_ends_by_the_clock_on_the_wall() -> None:
    (spring,) = plan_sessions(date(2026, 3, 29), SUNDAY, time(0, 30), 120, 1)
    (autumn,) = plan_sessions(date(2026, 10, 25), SUNDAY, time(0, 30), 120, 1)

    assert f"{spring.ends_at:%H:%M}" == f"{autumn.ends_at:%H:%M}" == "02:30"
    assert spring.ends_at.astimezone(UTC) - spring.starts_at.astimezone(UTC) == timedelta(hours=1)
    assert autumn.ends_at.astimezone(UTC) - autumn.starts_at.astimezone(UTC) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("first", "start", "what"),
    [
        (date(2026, 3, 29), time(1), "start at 01:00"),
        (date(2026, 3, 29), time(1, 30), "start at 01:30"),
        (date(2026, 3, 28), time(23, 30), "end at 01:30"),
    ],
)
def test_a_time_the_clocks_skip_is_refused(first: date, start: time, what: str) -> None:
    with pytest.raises(ValueError, match=f"29 March 2026 cannot {what}: the clocks go forward"):
        plan_sessions(first, first.weekday(), start, 120, 1)


def test_a_time_the_clocks_skip_does_not_matter_on_a_date_passed_over() -> None:
    planned = plan_sessions(date(2026, 3, 22), SUNDAY, time(1, 30), 60, 2, skip=[date(2026, 3, 29)])

    assert days(planned) == ["2026-03-22", "2026-04-05"]


def test_an_hour_that_comes_twice_means_the_first() -> None:
    (session,) = plan_sessions(date(2026, 10, 25), SUNDAY, time(1, 30), 15, 1)

    assert session.starts_at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert session.ends_at.astimezone(UTC) == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


# --- Always --------------------------------------------------------------------------------


@CALM
@given(
    first=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    start=st.times().map(lambda t: t.replace(hour=6 + t.hour % 12, second=0, microsecond=0)),
    minutes=st.integers(1, 300),
    count=st.integers(1, 30),
    interval=st.integers(1, 4),
    region=st.sampled_from(["England", "Wales", "Scotland", "Northern Ireland"]),
    skip=st.lists(st.dates(date(2024, 1, 1), date(2041, 12, 31)), max_size=5),
)
def test_every_plan_holds_its_promises(
    first: date,
    weekdays: set[int],
    start: time,
    minutes: int,
    count: int,
    interval: int,
    region: str,
    skip: list[date],
) -> None:
    planned = plan_sessions(first, weekdays, start, minutes, count, skip, interval, region)

    dates = [session.starts_at.date() for session in planned]
    assert [session.number for session in planned] == list(range(1, count + 1))
    assert {day.weekday() for day in dates} <= weekdays
    assert first <= dates[0]
    assert all(earlier < later for earlier, later in pairwise(dates))
    assert {session.starts_at.time() for session in planned} == {start}
    assert set(dates).isdisjoint(skip)
    assert not any((day.month, day.day) in {(1, 1), (12, 25)} for day in dates)
    weeks = {(day - timedelta(day.weekday()) - date(2024, 1, 1)).days // 7 for day in dates}
    assert len({week % interval for week in weeks}) == 1
    for session in planned:
        wall_clock = session.ends_at.replace(tzinfo=None) - session.starts_at.replace(tzinfo=None)
        assert wall_clock == timedelta(minutes=minutes)
        assert session.ends_at.astimezone(UTC) > session.starts_at.astimezone(UTC)


# --- What cannot be planned ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"count": 0}, "number of sessions must be from 1 to 200, not 0"),
        ({"count": 201}, "number of sessions must be from 1 to 200, not 201"),
        ({"minutes": 0}, "length in minutes must be from 1 to 600, not 0"),
        ({"minutes": 601}, "length in minutes must be from 1 to 600, not 601"),
        ({"interval_weeks": 0}, "number of weeks between sessions must be from 1 to 52, not 0"),
        ({"interval_weeks": 53}, "number of weeks between sessions must be from 1 to 52"),
        ({"weekdays": []}, "at least one weekday"),
        ({"weekdays": [0, 7]}, "7 is not a weekday"),
        ({"weekdays": -1}, "-1 is not a weekday"),
        ({"weekdays": True}, "True is not a weekday"),
        ({"weekdays": "0"}, "'0' is not a weekday"),
        ({"region": "Norfolk"}, "'Norfolk' is not a region. Choose one of: England, Wales"),
        ({"first": date(206, 9, 1)}, "Choose a first date from 2000 to 2100"),
        ({"start": time(10, tzinfo=UTC)}, "without a time zone"),
        ({"skip": [(date(2026, 9, 9), date(2026, 9, 8))]}, "ends before it begins"),
        ({"skip": [(date(2000, 1, 1), date(9999, 1, 1))]}, "Only 0 of 2 sessions find a date"),
        ({"skip": [(date(2026, 9, 8), date(2060, 1, 1))]}, "Only 1 of 2 sessions find a date"),
    ],
)
def test_an_unusable_plan_is_refused_with_a_sentence(
    changed: dict[str, object], sentence: str
) -> None:
    plan: dict[str, object] = {
        "first": date(2026, 9, 1),
        "weekdays": TUESDAY,
        "start": TEN,
        "minutes": 60,
        "count": 2,
    }
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        plan_sessions(**(plan | changed))  # type: ignore[arg-type]


def test_a_rule_that_never_finds_a_date_comes_to_an_end_at_any_interval() -> None:
    never = [(date(2000, 1, 1), date(9999, 12, 31))]

    with pytest.raises(ValueError, match="Only 0 of 200"):
        plan_sessions(date(2100, 12, 31), range(7), TEN, 60, 200, never, 52)


def test_the_longest_plan_can_be_made() -> None:
    planned = plan_sessions(date(2026, 9, 1), TUESDAY, TEN, 60, 200)

    assert len(planned) == 200
