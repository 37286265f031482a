"""Milestones: what there is to thank for, by hours given and by time with us. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

HOURS = (10, 25, 50, 100, 200, 300, 500, 750, 1_000)
MONTHS = (3, 6, 12, 24, 36, 60, 120)
_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Milestones:
    """The furthest reached of each kind, and the hours the next one takes; None for none."""

    hours: int | None
    months: int | None
    next_hours: int | None


def milestones(minutes: int, since: date | None, today: date) -> Milestones:
    """What has been reached with so many minutes given, by somebody active since a day."""
    given = minutes // _MINUTES
    return Milestones(
        hours=_last(HOURS, given),
        months=None if since is None else _last(MONTHS, months_between(since, today)),
        next_hours=next((step for step in HOURS if step > given), None),
    )


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; none if it is not later."""
    passed = relativedelta(last, first)
    return max(0, passed.years * 12 + passed.months)


def _last(steps: Sequence[int], reached: int) -> int | None:
    return max((step for step in steps if step <= reached), default=None)
