"""Until when an offer is held, and until when a closed group takes new people. No database."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays

from services import clock
from services.scheduling import REGIONS

_SATURDAY = 5


def working_days_after(day: date, count: int, region: str = "England") -> date:
    """The day that is so many working days later: weekends and bank holidays do not count.

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("The number of working days cannot be negative.")
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY and day not in _bank_holidays(region, day.year)
    return day


def end_of(day: date) -> datetime:
    """The instant at which a day is over where the service is."""
    return clock.start_of_day(day + timedelta(days=1))


def last_day_to_answer(until: datetime) -> date:
    """The last day that is over by an instant: an offer is held until a day has ended."""
    return clock.local(until - timedelta(microseconds=1)).date()


def closes_on(starts_on: date, cutoff_week: int | None) -> date | None:
    """The first day on which a group takes nobody new any more; None if it always does.

    A closed group is open to new people up to the end of a week, counted from its start
    (domain §1.1).
    """
    return None if cutoff_week is None else starts_on + timedelta(weeks=cutoff_week)


@cache
def _bank_holidays(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=REGIONS[region], years=year))
