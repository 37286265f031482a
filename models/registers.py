"""Marks, the taps that made them, catch-ups, and facilitators' notes on a session."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText

CODES = "PLEOCADBXN"  # domain §1.5; services.attendance says what each counts as
CODES_SQL = ", ".join(f"'{code}'" for code in CODES)


class Mark(Base):
    """How one person took part in one session: one mark, whoever taps and how often."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("session_id", "place_id"),
        CheckConstraint(f"code IN ({CODES_SQL})", name="known_code"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 600", name="minutes_range"),
        Index(None, "place_id"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    # None after a mark was taken back: the version goes on counting.
    code: Mapped[str | None] = mapped_column(String(1))
    minutes: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class AppliedTap(Base):
    """A tap that has been dealt with: sent twice over a bad line, it still counts once."""

    __tablename__ = "applied_taps"

    tap: Mapped[str] = mapped_column(String(64), unique=True)
    applied_at: Mapped[datetime] = mapped_column(index=True)


class SessionNote(Base):
    """A facilitator's note on a session: each writes her own, so none is overwritten."""

    __tablename__ = "session_notes"
    __table_args__ = (UniqueConstraint("session_id", "account_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    body: Mapped[str] = mapped_column(EncryptedText)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class CatchUpWay(enum.Enum):
    """How a session's content was covered later."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"
    OTHER_GROUP = "other_group"


_STANDS = text("taken_back_at IS NULL")


class CatchUp(Referable, Versioned, Base):
    """A session's content covered later by one person: when, how, by whom. Its mark is C."""

    __tablename__ = "catch_ups"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes_range"),
        Index(
            "uq_catch_ups_standing",
            "place_id",
            "session_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(None, "session_id"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    done_on: Mapped[date]
    way: Mapped[CatchUpWay]
    done_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    minutes: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)
    # The mark it replaced, which comes back when the catch-up is taken back.
    code_before: Mapped[str | None] = mapped_column(String(1))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    taken_back_at: Mapped[datetime | None]
