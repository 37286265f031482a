"""When a finished register locks: so many days after its session, as the organisation has it."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import GroupSession, Organisation
from services import clock
from services.errors import InvalidInputError

MAX_REASON = 500
LOCKED = (
    "This register is locked: its session was too long ago. A coordinator or a programme lead can "
    "open it again from the group's page."
)


def last_day(held_on: date, days: int) -> date | None:
    """The last day on which a register can be reopened by those who took it; None is for ever."""
    return held_on + timedelta(days=days) if days else None


def is_locked(db: Session, held: GroupSession) -> bool:
    """Whether a register is finished and its days are over."""
    if held.finished_at is None:
        return False
    return has_locked(clock.local(held.starts_at, held.zone).date(), days(db))


def has_locked(held_on: date, days: int) -> bool:
    """Whether the days of a finished register are over."""
    last = last_day(held_on, days)
    return last is not None and clock.today() > last


def days(db: Session) -> int:
    """The organisation's rule, in days."""
    return db.scalar(select(Organisation.register_days)) or 0


def checked(reason: str) -> str:
    """The reason for opening a register again, if one was given."""
    said = reason.strip()
    if not said:
        raise InvalidInputError({"reason": "Say in a few words why the register is reopened."})
    if len(said) > MAX_REASON:
        raise InvalidInputError({"reason": f"Shorten the reason to {MAX_REASON} letters."})
    return said
