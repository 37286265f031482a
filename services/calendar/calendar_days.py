"""Which days a calendar shows, and which come before and after them. Rules without a database."""

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import MO, relativedelta

from services.scheduling import YEARS

_WEEK = timedelta(weeks=1)


class View(enum.Enum):
    """How much of the calendar is in sight, and in which shape."""

    MONTH = "month"
    WEEK = "week"
    LIST = "list"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row: the first, and the one after the last."""

    first: date
    after: date

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them, in order."""
        length = (self.after - self.first).days
        return tuple(self.first + timedelta(days=number) for number in range(length))


def span(view: View, day: date) -> Span:
    """The days in sight around a day: whole weeks from Monday, a month for the list, one day."""
    if view is View.DAY:
        return Span(day, day + timedelta(days=1))
    if view is View.WEEK:
        return _weeks(day, day)
    first = day.replace(day=1)
    last = first + relativedelta(months=1, days=-1)
    return _weeks(first, last) if view is View.MONTH else Span(first, last + timedelta(days=1))


def turned(view: View, day: date, pages: int) -> date:
    """The day to look at so many pages on, or back; as far as the calendar reaches."""
    match view:
        case View.DAY:
            there = day + timedelta(days=pages)
        case View.WEEK:
            there = day + pages * _WEEK
        case _:
            there = day + relativedelta(months=pages)
    return there if within_reach(there) else day


def within_reach(day: date) -> bool:
    """Whether the calendar has a page for this day, and for those around it."""
    return YEARS.start < day.year < YEARS.stop - 1


def _weeks(first: date, last: date) -> Span:
    monday = first + relativedelta(weekday=MO(-1))
    return Span(monday, last + relativedelta(weekday=MO(-1)) + _WEEK)
