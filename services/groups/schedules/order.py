"""What every change of a schedule keeps: unbroken numbers, topics in order, times that exist."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from services import scheduling
from services.groups.schedules.parts import Meeting, Rhythm, Schedule, Shape, Standing
from services.scheduling import YEARS


def planned(schedule: Schedule, ref: str, what: str) -> Meeting:
    """The session named, if it may still be changed."""
    found = next((one for one in schedule.meetings if one.ref == ref), None)
    if found is None:
        raise ValueError("Choose one of this group's sessions from the list.")
    refuse_unless_planned(found, what)
    return found


def refuse_unless_planned(one: Meeting, what: str) -> None:
    """Raise ValueError for a session that was held or cancelled: neither is changed as it is."""
    if not one.takes_place:
        raise ValueError(
            f"The session on {spoken(one.starts)} was cancelled, so it cannot be {what}. "
            "Choose one that is still planned."
        )
    if not one.is_planned:
        raise ValueError(
            f"Session {one.number} on {spoken(one.starts)} has been held, so it cannot be {what}. "
            "Choose one that is still planned."
        )


def with_others(schedule: Schedule, others: dict[str, Meeting], *more: Meeting) -> Schedule:
    """The schedule with some sessions replaced and some added."""
    kept = tuple(others.get(one.ref, one) for one in schedule.meetings)
    return replace(schedule, meetings=(*kept, *more))


def in_order_of_topics(schedule: Schedule, others: dict[str, Meeting], *more: Meeting) -> Schedule:
    """The same, with the topics of what is still to come in the order they were in before.

    Whether parents and children are together goes with the topic it was planned for.
    """
    topics = iter([(one.topic, one.shape) for one in schedule.live if one.is_planned])
    after = sorted(with_others(schedule, others, *more).meetings, key=_by_time)
    return replace(
        schedule,
        meetings=tuple(_given(one, *next(topics)) if one.is_planned else one for one in after),
    )


def _given(one: Meeting, topic: str, shape: Shape | None) -> Meeting:
    return replace(one, topic=topic, shape=shape)


def numbered(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """In order of time; those that take place are numbered from 1 without a gap."""
    counted, number = [], 0
    for one in sorted(meetings, key=_by_time):
        number += one.takes_place
        counted.append(replace(one, number=number) if one.takes_place else one)
    return tuple(counted)


def _by_time(one: Meeting) -> tuple[datetime, bool, int]:
    # A cancelled session comes before the one that was put in its place.
    return one.starts, one.takes_place, one.number


def next_times(schedule: Schedule, rhythm: Rhythm, count: int) -> list[datetime]:
    """When the next sessions would be if the rhythm went on after the last one there is."""
    last = max(one.starts for one in schedule.meetings).date()
    days = scheduling.days_after(
        last,
        rhythm.first,
        rhythm.weekdays,
        count,
        skip=rhythm.breaks,
        interval_weeks=rhythm.interval_weeks,
        region=rhythm.region,
    )
    return [datetime.combine(day, rhythm.start) for day in days]


def retimed(before: Schedule, after: Schedule) -> list[tuple[Meeting | None, Meeting]]:
    """The sessions still to come that are new, stand at another time, or take place after all."""
    earlier = {one.ref: one for one in before.meetings}
    return [
        (was, one)
        for one in after.meetings
        if one.is_planned
        and (
            (was := earlier.get(one.ref)) is None
            or not was.takes_place
            or (was.starts, was.ends) != (one.starts, one.ends)
        )
    ]


def check_times(before: Schedule, after: Schedule) -> None:
    """Every new time exists on the clock, comes after what was held, and is free."""
    held = [one for one in after.meetings if one.state is Standing.HELD]
    for _was, one in retimed(before, after):
        scheduling.instant(one.starts, "start")
        scheduling.instant(one.ends, "end")
        for other in held:
            if one.starts < other.ends:
                raise ValueError(
                    f"Session {other.number} on {spoken(other.starts)} has been held. "
                    "Choose a day and time after it."
                )
        for other in after.live:
            if other is not one and one.overlaps(other):
                raise ValueError(
                    f"There is a session on {spoken(other.starts)} at {other.starts:%H:%M} "
                    "already. Choose another day or time."
                )


def check_day(day: date) -> None:
    """Raise ValueError for a day no group meets on, a slip of the pen in the year."""
    if day.year not in YEARS:
        raise ValueError(f"Choose a day from {YEARS[0]} to {YEARS[-1]}.")


def spoken(moment: datetime) -> str:
    """A day as it stands in a sentence: 6 October 2026."""
    return f"{moment.day} {moment:%B %Y}"
