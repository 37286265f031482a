"""Safeguarding concerns, which are only ever added to, and reviews of risk (domain §5.4)."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable
from models.encryption import EncryptedText


class EntryKind(enum.Enum):
    """What is added to a concern after it was raised."""

    DECISION = "decision"
    ACTION = "action"
    CORRECTION = "correction"
    CLOSED = "closed"


class SafeNow(enum.Enum):
    """Whether everybody concerned is safe, as far as the one who raises it knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class RiskLevel(enum.Enum):
    """The level of current risk. There is no "low"."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


class Concern(Referable, Base):
    """A worry, as it was raised. The database refuses to change it (see the migration)."""

    __tablename__ = "concerns"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR about IS NOT NULL", name="about_somebody"),
        Index(None, "raised_at", "id"),
    )

    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    about: Mapped[str | None] = mapped_column(EncryptedText)  # whom, where there is no record
    raised_by_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT"), index=True
    )
    raised_at: Mapped[datetime]
    noticed_at: Mapped[datetime]
    facts: Mapped[str] = mapped_column(EncryptedText)
    exact_words: Mapped[str | None] = mapped_column(EncryptedText)
    opinion: Mapped[str | None] = mapped_column(EncryptedText)
    safe_now: Mapped[str] = mapped_column(EncryptedText)  # a SafeNow
    told: Mapped[str | None] = mapped_column(EncryptedText)


class ConcernEntry(Base):
    """A decision, an action, a correction or the end of a concern; as lasting as the concern."""

    __tablename__ = "concern_entries"
    __table_args__ = (Index(None, "concern_id", "kind"),)

    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id", ondelete="RESTRICT"))
    kind: Mapped[EntryKind]
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    words: Mapped[str] = mapped_column(EncryptedText)


class OpenConcern(Base):
    """A concern that is not closed yet: what waits is found without reading all that is over.

    A concern itself cannot carry this, since nothing about it is ever changed.
    """

    __tablename__ = "open_concerns"
    __table_args__ = (
        # Those without a decision: short, and looked at whenever a lead opens Today.
        Index(
            "ix_open_concerns_undecided",
            "raised_at",
            "concern_id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id = None  # type: ignore[assignment]
    concern_id: Mapped[int] = mapped_column(
        ForeignKey("concerns.id", ondelete="RESTRICT"), primary_key=True
    )
    raised_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class RiskReview(Referable, Base):
    """A DASH score and the level decided on: judgement may raise it, never lower it.

    Score bands: 1 to 9 standard, 10 to 13 medium, 14 and more high (domain §5.4). No item text.
    """

    __tablename__ = "risk_reviews"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 24", name="score_range"),
        CheckConstraint(
            "(score < 10 OR level <> 'standard') AND (score < 14 OR level = 'high')",
            name="never_below_the_score",
        ),
        CheckConstraint("review_on >= assessed_on", name="review_after_assessment"),
        Index(None, "person_id", "assessed_on", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    assessed_on: Mapped[date]
    score: Mapped[int]
    level: Mapped[RiskLevel]
    raised_because: Mapped[str | None] = mapped_column(EncryptedText)
    action: Mapped[str | None] = mapped_column(EncryptedText)
    review_on: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]


class Incident(Base):
    """Something that happened to somebody: her risk is due for review until one answers it."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ix_incidents_to_review",
            "person_id",
            "happened_on",
            sqlite_where=text("review_id IS NULL"),
            postgresql_where=text("review_id IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    happened_on: Mapped[date]
    words: Mapped[str | None] = mapped_column(EncryptedText)  # none where a concern holds them
    concern_id: Mapped[int | None] = mapped_column(
        ForeignKey("concerns.id", ondelete="RESTRICT"), unique=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    review_id: Mapped[int | None] = mapped_column(
        ForeignKey("risk_reviews.id", ondelete="RESTRICT"), index=True
    )


class IncidentCorrection(Base):
    """What was wrong about an incident, or that it is taken back. It stands beside what was said.

    The database refuses to change it.
    """

    __tablename__ = "incident_corrections"
    __table_args__ = (
        CheckConstraint("(happened_on IS NULL) = is_taken_back", name="a_day_or_taken_back"),
    )

    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incidents.id", ondelete="RESTRICT"), index=True
    )
    is_taken_back: Mapped[bool]
    happened_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(EncryptedText)  # what happened, or why it is taken back
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
