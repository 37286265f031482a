"""What a volunteer gives and what it costs her: hours beside sessions, expenses, her own words."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedBytes, EncryptedJSON, EncryptedText

_TO_THANK = text("thanked_on IS NULL")


class VolunteerDebrief(Base):
    """What a volunteer says of a session she helped at: words for her supervisor alone."""

    __tablename__ = "volunteer_debriefs"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "session_id"),
        Index(None, "session_id"),
        Index(None, "volunteer_id", "at"),
        CheckConstraint("(form_version IS NULL) = (answers IS NULL)", name="answers_to_a_form"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    # That it was so, never what: nothing a participant said belongs here.
    heard_hard: Mapped[bool]
    words: Mapped[str | None] = mapped_column(EncryptedText)
    # What she answered on the volunteers' form, where she answered any of it.
    form_version: Mapped[int | None]
    answers: Mapped[dict[str, str | int | list[int] | None] | None] = mapped_column(EncryptedJSON)


class OtherHours(Referable, Base):
    """Time given on one day beside sessions: a meeting, a training day, an open evening."""

    __tablename__ = "other_hours"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 15 AND 720", name="minutes_range"),
        Index(None, "volunteer_id", "given_on"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    given_on: Mapped[date]
    minutes: Mapped[int]
    what: Mapped[str] = mapped_column(EncryptedText)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]


class MilestoneKind(enum.Enum):
    """What a milestone counts."""

    HOURS = "hours"
    MONTHS = "months"


class Milestone(Base):
    """Something a volunteer has reached, and who has thanked her for it."""

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "kind", "step"),
        CheckConstraint("(thanked_on IS NULL) = (thanked_by_id IS NULL)", name="thanked_by_whom"),
        Index(
            "ix_milestones_to_thank", "reached_on",
            sqlite_where=_TO_THANK, postgresql_where=_TO_THANK,
        ),
    )  # fmt: skip

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    kind: Mapped[MilestoneKind]
    step: Mapped[int]
    reached_on: Mapped[date]
    thanked_on: Mapped[date | None]
    thanked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )


class ExpenseKind(enum.Enum):
    """What may be given back: what she really spent to be here, and nothing else (domain §4.2)."""

    MILEAGE = "mileage"
    TRANSPORT = "transport"
    CHILDCARE = "childcare"


class ExpenseState(enum.Enum):
    """From asking to the money; `returned` went back to her with what is missing."""

    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    RETURNED = "returned"


class Expense(Referable, Versioned, Base):
    """What a volunteer spent on one day to be able to help."""

    __tablename__ = "expenses"
    __table_args__ = (
        CheckConstraint("pence BETWEEN 1 AND 50000", name="pence_range"),
        CheckConstraint("(kind = 'mileage') = (tenths IS NOT NULL)", name="miles_when_driven"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="asked_until_decided"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_when_paid"),
        Index(None, "volunteer_id", "spent_on"),
        Index(None, "state", "asked_at"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="RESTRICT"))
    kind: Mapped[ExpenseKind]
    spent_on: Mapped[date]
    pence: Mapped[int]
    tenths: Mapped[int | None]  # of a mile, by car
    words: Mapped[str | None] = mapped_column(EncryptedText)
    state: Mapped[ExpenseState] = mapped_column(default=ExpenseState.ASKED)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    missing: Mapped[str | None] = mapped_column(EncryptedText)  # what it went back to her for
    paid_at: Mapped[datetime | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class ExpenseReceipt(Base):
    """The receipt of an expense: apart from it, so that no list ever reads one."""

    __tablename__ = "expense_receipts"
    __table_args__ = (UniqueConstraint("expense_id"),)

    expense_id: Mapped[int] = mapped_column(ForeignKey("expenses.id", ondelete="CASCADE"))
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(EncryptedBytes)
