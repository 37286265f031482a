"""Calls owed to people who were expected and did not come (domain §1.4)."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText

_OPEN_SQL = text("closed_at IS NULL")


class CallState(enum.Enum):
    """Where a call stands."""

    OPEN = "open"
    REACHED = "reached"
    SETTLED = "settled"  # nobody could reach her: a coordinator decided what happens instead
    WITHDRAWN = "withdrawn"  # the mark was taken back: she was there, or had sent word


class WelfareCall(Referable, Versioned, Base):
    """One call for one person's absence from one session."""

    __tablename__ = "welfare_calls"
    __table_args__ = (
        UniqueConstraint("session_id", "place_id"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_until_closed"),
        CheckConstraint("(state = 'settled') = (settled_by IS NOT NULL)", name="settled_somehow"),
        CheckConstraint("tries >= 0", name="tries_counted"),
        Index(None, "place_id"),
        # What is open, by when it is due: short whatever the programme's size.
        Index(
            "ix_welfare_calls_open",
            "due_on",
            "id",
            sqlite_where=_OPEN_SQL,
            postgresql_where=_OPEN_SQL,
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    missed_on: Mapped[date]
    due_on: Mapped[date]
    is_urgent: Mapped[bool]  # at high risk when it was made, or since
    state: Mapped[CallState] = mapped_column(default=CallState.OPEN)
    tries: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    settled_by: Mapped[str | None] = mapped_column(EncryptedText)  # what was decided instead
