"""Planning a group's sessions: which days, at what wall-clock time, past breaks and holidays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice

import holidays

from services.clock import LONDON

REGIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
MOST_SESSIONS = 200
LONGEST_MINUTES = 600
LONGEST_INTERVAL = 52
SATURDAY = 5
YEARS = range(2000, 2101)
# Dates that may be passed over before a plan is given up: ten years of weekly sessions.
PATIENCE = 520

Break = tuple[date, date]


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One session: its number in the group, and its start and end on the clock in London."""

    number: int
    starts_at: datetime
    ends_at: datetime


def plan_sessions(
    first: date,
    weekdays: int | Iterable[int],
    start: time,
    minutes: int,
    count: int,
    skip: Iterable[date | Break] = (),
    interval_weeks: int = 1,
    region: str = "England",
) -> list[PlannedSession]:
    """Plan `count` sessions from `first` on, numbered without gaps, in order of time.

    `weekdays` counts from 0, Monday; a first date on another day moves on to the next that fits.
    `skip` holds single dates and breaks (first and last day, both passed over). The region's bank
    holidays and their substitute days are passed over too. With `interval_weeks` above 1, weeks
    run from Monday and are counted from the week of the first fitting date; a date passed over
    does not shift the rhythm.

    Start and end are wall-clock times: 10:00 stays 10:00 in summer and winter, and a session over
    a clock change ends `minutes` later by the clock on the wall. An hour that comes twice in
    autumn means the first one. Raises ValueError with a plain sentence for anything unusable, a
    time that the clocks skip in spring, and a plan that finds too few dates.
    """
    days = _weekdays(weekdays)
    _check(first, start, minutes, count, interval_weeks, region)
    breaks = [_break(entry) for entry in skip]
    dates = (
        day
        for day in islice(_candidates(_day(first), days, interval_weeks), count + PATIENCE)
        if not passed_over(day, breaks, region)
    )
    chosen = list(islice(dates, count))
    if len(chosen) < count:
        raise ValueError(
            f"Only {len(chosen)} of {count} sessions find a date. "
            "Shorten the breaks, or choose another weekday or start."
        )
    return [_session(number, day, start, minutes) for number, day in enumerate(chosen, 1)]


def on_dates(days: Iterable[date], start: time, minutes: int) -> list[PlannedSession]:
    """Sessions on these days and no others, in order of time; a day given twice counts once.

    Bank holidays are not passed over: each day was chosen. Raises what `plan_sessions` does.
    """
    chosen = sorted({_day(day) for day in days})
    for day in chosen:
        _check(day, start, minutes, len(chosen), 1, "England")
    if not chosen:
        raise ValueError("Write at least one day.")
    return [_session(number, day, start, minutes) for number, day in enumerate(chosen, 1)]


def days_after(
    last: date,
    first: date,
    weekdays: int | Iterable[int],
    count: int,
    skip: Iterable[date | Break] = (),
    interval_weeks: int = 1,
    region: str = "England",
) -> list[date]:
    """The next `count` days after `last` in the rhythm that began at `first`.

    Raises ValueError with a plain sentence when breaks and bank holidays leave too few.
    """
    breaks = [_break(entry) for entry in skip]
    coming = (
        day for day in _candidates(_day(first), _weekdays(weekdays), interval_weeks) if day > last
    )
    free = (day for day in islice(coming, PATIENCE) if not passed_over(day, breaks, region))
    found = list(islice(free, count))
    if len(found) < count:
        raise ValueError("No day is free after the last session. Shorten the breaks.")
    return found


def next_working_day(day: date, region: str = "England") -> date:
    """The first day after this one that is neither a weekend's nor a bank holiday."""
    after = (day + timedelta(n) for n in range(1, PATIENCE))
    return next(
        one
        for one in after
        if one.weekday() < SATURDAY and one not in _bank_holidays(region, one.year)
    )


def _candidates(first: date, days: set[int], interval_weeks: int) -> Iterator[date]:
    """Every date on one of the weekdays in the weeks that count, without end."""
    opening = next(day for n in range(7) if (day := first + timedelta(n)).weekday() in days)
    monday = opening - timedelta(opening.weekday())
    while True:
        week = (monday + timedelta(day) for day in sorted(days))
        yield from (day for day in week if day >= opening)
        monday += timedelta(weeks=interval_weeks)


def passed_over(day: date, breaks: Iterable[Break], region: str) -> bool:
    """Whether a day is in a break or one of the region's bank holidays."""
    on_break = any(begins <= day <= ends for begins, ends in breaks)
    return on_break or day in _bank_holidays(region, day.year)


@cache
def _bank_holidays(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=REGIONS[region], years=year))


def _session(number: int, day: date, start: time, minutes: int) -> PlannedSession:
    begins = datetime.combine(day, start)
    ends = begins + timedelta(minutes=minutes)
    return PlannedSession(number, instant(begins, "start"), instant(ends, "end"))


def instant(wall: datetime, what: str) -> datetime:
    """The wall-clock time as an instant. Raises ValueError where the clocks skip it."""
    moment = wall.replace(tzinfo=LONDON)
    if moment.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != wall:
        raise ValueError(
            f"A session on {wall.day} {wall:%B %Y} cannot {what} at {wall:%H:%M}: the clocks go "
            "forward and that time does not exist. Choose another time or skip the date."
        )
    return moment


def _weekdays(weekdays: int | Iterable[int]) -> set[int]:
    days = [weekdays] if isinstance(weekdays, int) else list(weekdays)
    if not days:
        raise ValueError("Choose at least one weekday.")
    for day in days:
        if isinstance(day, bool) or day not in range(7):
            raise ValueError(f"{day!r} is not a weekday: count from 0, Monday, to 6, Sunday.")
    return set(days)


def _break(entry: date | Break) -> Break:
    begins, ends = map(_day, (entry, entry) if isinstance(entry, date) else entry)
    if ends < begins:
        raise ValueError(f"The break from {begins} ends before it begins, on {ends}.")
    return begins, ends


def _day(moment: date) -> date:
    """The day alone, also of a datetime, which would never equal a bank holiday."""
    return moment.date() if isinstance(moment, datetime) else moment


def _check(
    first: date, start: time, minutes: int, count: int, interval_weeks: int, region: str
) -> None:
    if first.year not in YEARS:
        raise ValueError(f"Choose a first date from {YEARS[0]} to {YEARS[-1]}.")
    if start.tzinfo is not None:
        raise ValueError("Give the start as the clock on the wall shows it, without a time zone.")
    for label, value, most in (
        ("number of sessions", count, MOST_SESSIONS),
        ("length in minutes", minutes, LONGEST_MINUTES),
        ("number of weeks between sessions", interval_weeks, LONGEST_INTERVAL),
    ):
        if not 1 <= value <= most:
            raise ValueError(f"The {label} must be from 1 to {most}, not {value}.")
    if region not in REGIONS:
        raise ValueError(f"{region!r} is not a region. Choose one of: {', '.join(REGIONS)}.")
