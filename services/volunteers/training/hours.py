"""Hours and how long a course counts: arithmetic without a database."""

from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

LEAST_HOURS, MOST_HOURS = 0.25, 40.0
WINDOWS = (30, 60, 90)  # days before a course runs out at which it is shown
_MINUTES = 60
_YEAR = relativedelta(months=12)


def are_plausible(hours: float) -> bool:
    """Whether a course can be that short or that long."""
    return LEAST_HOURS <= hours <= MOST_HOURS


def in_minutes(hours: float) -> int:
    """The hours in minutes."""
    return round(hours * _MINUTES)


def in_hours(minutes: int) -> float:
    """The minutes in hours, to two places."""
    return round(minutes / _MINUTES, 2)


def counts_until(held_on: date, refresh_months: int | None) -> date | None:
    """The last day a course counts; None when it counts for good."""
    return None if refresh_months is None else held_on + relativedelta(months=refresh_months)


def within_a_year(taken: Iterable[tuple[date, int]], today: date) -> int:
    """The minutes of the twelve months that end today."""
    return sum(minutes for held_on, minutes in taken if today - _YEAR < held_on <= today)


def window(until: date | None, today: date) -> int | None:
    """0 once it has run out, else the smallest of WINDOWS it is within; None if it is far off."""
    if until is None:
        return None
    left = (until - today).days
    return 0 if left < 0 else next((days for days in WINDOWS if left <= days), None)
