"""Hours in a week, with exceptions: when somebody is free. Pure, by the clock on the wall.

The clock is London's: somebody free from ten to twelve is so in summer and in winter. A session
over a change of the clocks needs every minute that the clock on the wall shows in the meantime:
where an hour comes twice, that hour; where one is left out, not that one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeAlias

from services.clock import LONDON

DAY = 24 * 60
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Hours of a weekday (0 is Monday) in minutes after midnight; 1440 is the day's end."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Away:
    """Whole days on which she cannot come, from the first to the last."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Extra:
    """More hours on one day, in minutes after midnight."""

    on: date
    starts: int
    ends: int


HoursException: TypeAlias = Away | Extra


def is_free(
    hours: Sequence[Hours],
    exceptions: Sequence[HoursException],
    starts: datetime,
    ends: datetime,
) -> bool:
    """Whether her hours hold the whole of a session, from one instant to another.

    Days away come before everything else. Hours that touch count as one. Without any hours she
    is never free: nobody has asked her yet, or she cannot come.
    """
    return all(
        not _is_away(exceptions, day) and _holds(_open(hours, exceptions, day), begins, stops)
        for day, begins, stops in _on_the_wall(starts, ends)
    )


def overlapping(hours: Iterable[Hours]) -> tuple[Hours, Hours] | None:
    """Two of these that share time on one weekday, if there are any. Touching is not sharing."""
    for one, other in pairwise(sorted(hours)):
        if one.weekday == other.weekday and other.starts < one.ends:
            return one, other
    return None


def minutes(moment: time, *, is_end: bool = False) -> int:
    """A time of the clock in minutes after midnight; midnight as an end is the day's end."""
    counted = moment.hour * 60 + moment.minute
    return DAY if is_end and counted == 0 else counted


def as_time(counted: int) -> time:
    """Minutes after midnight as a time of the clock; the day's end is midnight."""
    return time(counted // 60 % 24, counted % 60)


def _on_the_wall(starts: datetime, ends: datetime) -> Iterator[tuple[date, int, float]]:
    """The stretches of the wall clock that a session runs through: day, from, to.

    Cut at each full hour of UTC: clocks change there only, so no stretch has a change in it.
    """
    begins, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    if begins >= ends:
        raise ValueError("A session must end after it begins.")
    while begins < ends:
        cut = min(begins.replace(minute=0, second=0, microsecond=0) + _HOUR, ends)
        wall = begins.astimezone(LONDON)
        first = wall.hour * 60 + wall.minute
        yield wall.date(), first, first + (cut - begins) / timedelta(minutes=1)
        begins = cut


def _open(
    hours: Iterable[Hours], exceptions: Iterable[HoursException], day: date
) -> Iterator[tuple[int, int]]:
    """From when to when she can come on a day, in order."""
    usual = [(one.starts, one.ends) for one in hours if one.weekday == day.weekday()]
    more = [
        (one.starts, one.ends) for one in exceptions if isinstance(one, Extra) and one.on == day
    ]
    yield from sorted(usual + more)


def _holds(stretches: Iterable[tuple[int, int]], begins: float, stops: float) -> bool:
    for starts, ends in stretches:
        if starts > begins:
            return False
        begins = max(begins, ends)
        if begins >= stops:
            return True
    return False


def _is_away(exceptions: Iterable[HoursException], day: date) -> bool:
    return any(isinstance(one, Away) and one.starts_on <= day <= one.ends_on for one in exceptions)
