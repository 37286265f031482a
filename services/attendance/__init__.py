"""Whether people come and stay: what a mark counts as, rates, and attendance over time."""

from services.attendance.marks import (
    CODES,
    COMPLETION_SHARE,
    ENGAGED_FROM,
    UNEXPLAINED,
    AttendanceCode,
    Rates,
    rates,
    sessions_to_complete,
)

__all__ = [
    "CODES",
    "COMPLETION_SHARE",
    "ENGAGED_FROM",
    "UNEXPLAINED",
    "AttendanceCode",
    "Rates",
    "rates",
    "sessions_to_complete",
]
