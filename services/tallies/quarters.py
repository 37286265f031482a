"""The quarters and years that figures can be asked for: a fixed set, never free days.

Two ranges that differ by a few days would tell of the few people between them (domain §3.6).
"""

import re
from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

from services import clock
from services.errors import InvalidInputError

_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4]))?", re.ASCII)
_MONTHS = ("January to March", "April to June", "July to September", "October to December")


def in_words(period: str) -> str:
    """As people say it: "July to September 2026", "2026, the whole year"."""
    year, number = _read(period)
    return f"{year}, the whole year" if number is None else f"{_MONTHS[number - 1]} {year}"


def quarters_of(period: str) -> tuple[str, ...]:
    """The quarters a period is made of. Raises InvalidInputError for anything but one of ours."""
    year, number = _read(period)
    return tuple(f"{year}-Q{one}" for one in ((1, 2, 3, 4) if number is None else (number,)))


def between(first: date, last: date) -> tuple[str, ...]:
    """Every quarter that has a day from the first to the last, in order of time."""
    years = range(first.year, last.year + 1)
    every = (f"{year}-Q{number}" for year in years for number in (1, 2, 3, 4))
    return tuple(q for q in every if clock.quarter(first) <= q <= clock.quarter(last))


def days_of(period: str) -> tuple[date, date]:
    """Its first day, and the first day after it."""
    year, number = _read(period)
    first = date(year, 1 if number is None else 3 * number - 2, 1)
    return first, first + relativedelta(months=12 if number is None else 3)


def choices_from(quarters: Iterable[str]) -> dict[str, str]:
    """Every year and quarter to choose from, the newest first: key to words."""
    found = sorted(set(quarters), reverse=True)
    years = sorted({quarter[:4] for quarter in found}, reverse=True)
    keys = [key for year in years for key in (year, *(q for q in found if q[:4] == year))]
    return {key: in_words(key) for key in keys}


def _read(period: str) -> tuple[int, int | None]:
    read = _PERIOD.fullmatch(period)
    if read is None or int(read[1]) == 0:
        raise InvalidInputError({"period": "Choose a year or a quarter from the list."})
    return int(read[1]), int(read[2]) if read[2] else None
