"""What a mark in the register counts as, attendance rates, and when a place is complete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

COMPLETION_SHARE = 0.75  # domain §1.5; funders differ, so every programme names its own

ENGAGED_FROM = 2  # sessions attended (domain §1.5)


class AttendanceCode(StrEnum):
    """A mark in the register (domain §1.5), in the order the register shows them."""

    ATTENDED = "P"
    LATE = "L"
    LEFT_EARLY = "E"
    ONLINE = "O"
    CATCH_UP = "C"
    APOLOGIES = "A"
    DID_NOT_ATTEND = "D"
    NOT_BROUGHT = "B"
    CANCELLED = "X"
    NOT_EXPECTED = "N"

    @property
    def label(self) -> str:
        """What people read."""
        return _MEANINGS[self].label

    @property
    def attended(self) -> bool:
        """Whether the person was there, in the room or online."""
        return _MEANINGS[self].attended

    @property
    def covers_content(self) -> bool:
        """Whether the session's content was covered, then or later."""
        return _MEANINGS[self].covers_content

    @property
    def expected(self) -> bool:
        """Whether the mark stands in the denominator of the rates."""
        return _MEANINGS[self].expected


# Expected, not here, and nobody said why: somebody is owed a call (domain §1.4).
UNEXPLAINED = (AttendanceCode.DID_NOT_ATTEND, AttendanceCode.NOT_BROUGHT)


class _Meaning(NamedTuple):
    label: str
    attended: bool
    covers_content: bool
    expected: bool


_MEANINGS = {
    AttendanceCode.ATTENDED: _Meaning("Attended", True, True, True),
    AttendanceCode.LATE: _Meaning("Arrived late", True, True, True),
    AttendanceCode.LEFT_EARLY: _Meaning("Left early", True, True, True),
    AttendanceCode.ONLINE: _Meaning("Attended online", True, True, True),
    AttendanceCode.CATCH_UP: _Meaning("Catch-up done", False, True, True),
    AttendanceCode.APOLOGIES: _Meaning("Apologies", False, False, True),
    AttendanceCode.DID_NOT_ATTEND: _Meaning("Did not attend", False, False, True),
    AttendanceCode.NOT_BROUGHT: _Meaning("Was not brought", False, False, True),
    AttendanceCode.CANCELLED: _Meaning("Session cancelled by service", False, False, False),
    AttendanceCode.NOT_EXPECTED: _Meaning("Not expected", False, False, False),
}

# The mark behind a letter, as it is stored and sent.
CODES: Mapping[str, AttendanceCode] = MappingProxyType(
    {code.value: code for code in AttendanceCode}
)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares from 0 to 1, None where nothing was expected, with the counts they rest on.

    `live` is who was there, `content` adds catch-ups; both are of the `expected` marks.
    `attended` counts live attendances, `unrecorded` the marks still to be made.
    """

    live: float | None
    content: float | None
    attended: int
    expected: int
    unrecorded: int


def rates(marks: Iterable[str | None]) -> Rates:
    """Attendance over marks in any order; None is a mark not made yet (domain §1.5).

    So is what a column of a data frame has in its place: not a number, or NA.

    Cancelled sessions, weeks a person was not expected and marks not made count neither way.
    Raises ValueError for a code that is not in the table.
    """
    try:
        made = list(marks)
    except TypeError:
        raise ValueError("Marks must stand in a list, one code each or None.") from None
    recorded = [_code(mark) for mark in made if not _is_missing(mark)]
    expected = sum(mark.expected for mark in recorded)
    attended = sum(mark.attended for mark in recorded)
    covered = sum(mark.covers_content for mark in recorded)
    return Rates(
        live=attended / expected if expected else None,
        content=covered / expected if expected else None,
        attended=attended,
        expected=expected,
        unrecorded=len(made) - len(recorded),
    )


def sessions_to_complete(offered: int, share: float = COMPLETION_SHARE) -> int:
    """How many of the offered sessions must be covered to complete: the share, rounded up.

    6 of 8, 8 of 10, 9 of 12 and 11 of 14 at three quarters. `offered` leaves out sessions the
    service cancelled. Raises ValueError for a negative number or a share outside 0 to 1.
    """
    if offered < 0:
        raise ValueError("The number of sessions offered cannot be negative.")
    if not 0 < share <= 1:
        raise ValueError("The share needed to complete must be above 0 and at most 1.")
    # 0.7 x 10 is a little over 7 as a float: the nearest simple fraction is what was meant.
    return ceil(Fraction(share).limit_denominator(1000) * offered)


def _is_missing(mark: Any) -> bool:
    return not isinstance(mark, str) and pd.isna(mark) is True


def _code(mark: object) -> AttendanceCode:
    found = CODES.get(mark) if isinstance(mark, str) else None
    if found is None:
        raise ValueError(f"{mark!r} is not a mark. Use one of: {', '.join(CODES)}.")
    return found
