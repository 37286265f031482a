"""How a survivor volunteer is supported: her supervisor, supervision, and how heavy it feels."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText


class SupervisionKind(enum.Enum):
    """What a meeting was: the two of them, a reflective group, or a review of the role."""

    ONE_TO_ONE = "one_to_one"
    REFLECTIVE_GROUP = "reflective_group"
    REVIEW = "review"


class VolunteerSupport(Versioned, Base):
    """Who supervises a volunteer, and which account is her own if she has one."""

    __tablename__ = "volunteer_supports"
    __table_args__ = (
        CheckConstraint("supervisor_id <> own_account_id", name="not_by_herself"),
        Index(None, "supervisor_id"),
    )

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True
    )
    supervisor_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    own_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT"), unique=True
    )


class SupervisorAbsence(Referable, Versioned, Base):
    """Days on which a supervisor is away, and who stands in for her with all her volunteers."""

    __tablename__ = "supervisor_absences"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("account_id <> stand_in_id", name="somebody_else"),
        Index(None, "account_id", "ends_on"),
        Index(None, "stand_in_id", "ends_on"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class SupervisionSession(Referable, Base):
    """One meeting that supported a volunteer; its note is for her supervisor only."""

    __tablename__ = "supervision_sessions"
    __table_args__ = (Index(None, "volunteer_id", "kind", "held_on"),)

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    held_on: Mapped[date]
    kind: Mapped[SupervisionKind]
    note: Mapped[str | None] = mapped_column(EncryptedText)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]


class CheckIn(Referable, Base):
    """How a volunteer is: how heavy it feels, and her own words, for her supervisor only."""

    __tablename__ = "check_ins"
    __table_args__ = (
        CheckConstraint("heaviness BETWEEN 1 AND 5", name="heaviness_range"),
        Index(None, "volunteer_id", "at"),
        Index(None, "at"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    heaviness: Mapped[int]
    words: Mapped[str | None] = mapped_column(EncryptedText)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class SupportRhythm(Versioned, Base):
    """How often support is due, where the service has set it otherwise: one row."""

    __tablename__ = "support_rhythm"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    first_weeks: Mapped[int]
    first_months: Mapped[int]
    then_months: Mapped[int]
    reflective_weeks: Mapped[int]
    first_review_months: Mapped[int]
    review_months: Mapped[int]
    after_start_days: Mapped[int]
    after_hard_days: Mapped[int]
    red_after_days: Mapped[int]
