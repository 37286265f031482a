"""Schedules for tests of the rules that change them, without a database."""

from datetime import date, datetime, time

from services.groups.schedules.parts import (
    Meeting,
    Rhythm,
    Schedule,
    Standing,
)
from services.scheduling import plan_sessions

TEN, HALF_TWO = time(10), time(13, 30)


def a_schedule(
    first: date = date(2026, 9, 8),
    weekdays: tuple[int, ...] = (1,),
    count: int = 8,
    *,
    held: int = 0,
    **more: object,
) -> Schedule:
    """A group of two-hour sessions as it is planned, the first few held."""
    rhythm = Rhythm(first, weekdays, TEN, 120, **more)  # type: ignore[arg-type]
    planned = plan_sessions(
        first,
        weekdays,
        TEN,
        120,
        count,
        skip=rhythm.breaks,
        interval_weeks=rhythm.interval_weeks,
        region=rhythm.region,
    )
    return Schedule(
        tuple(
            Meeting(
                f"s{one.number}",
                one.number,
                f"Topic {one.number}",
                one.starts_at.replace(tzinfo=None),
                120,
                Standing.HELD if one.number <= held else Standing.PLANNED,
            )
            for one in planned
        ),
        rhythm,
    )


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the wall."""
    return datetime.combine(date(year, month, day), time(hour, minute))


def days(schedule: Schedule) -> list[str]:
    return [f"{one.starts:%d %b}" for one in schedule.live]


def numbers(schedule: Schedule) -> list[int]:
    return [one.number for one in schedule.live]


def topics(schedule: Schedule) -> list[str]:
    return [one.topic for one in schedule.live]
