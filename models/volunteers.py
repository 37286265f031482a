"""Survivor volunteers: their stage, its history, and where they are placed."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Referable, Versioned
from models.encryption import BLIND_INDEX_BYTES, EncryptedText
from models.groups import Group


class Stage(enum.Enum):
    """The way into the role and out of it (domain §4.2); stepping back is private, reversible."""

    INTEREST = "interest"
    CONVERSATION = "conversation"
    APPLICATION = "application"
    INTERVIEW = "interview"
    CHECKS = "checks"
    TRAINING = "training"
    SHADOWING = "shadowing"
    ACTIVE = "active"
    STEPPED_BACK = "stepped_back"
    MOVED_ON = "moved_on"


class PlacementRole(enum.Enum):
    """What a volunteer does with a group."""

    CO_FACILITATOR = "co_facilitator"
    CRECHE = "creche"
    WELCOME = "welcome"
    PEER_CONTACT = "peer_contact"
    SHADOWING = "shadowing"


class Volunteer(Referable, Versioned, Base):
    """A survivor volunteer. Her own history as a participant is not here and not linked here."""

    __tablename__ = "volunteers"
    __table_args__ = (Index(None, "stage", "stage_since", "id"),)

    first_name: Mapped[str] = mapped_column(EncryptedText)
    last_name: Mapped[str] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    stage: Mapped[Stage] = mapped_column(default=Stage.INTEREST)
    stage_since: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    # What was agreed to happen next, and by when; without it the stage says what usually does.
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    next_step_by: Mapped[date | None]
    created_at: Mapped[datetime]


class VolunteerToken(Base):
    """A keyed hash of a part of a volunteer's name."""

    __tablename__ = "volunteer_tokens"
    __table_args__ = (
        PrimaryKeyConstraint("token", "volunteer_id"),
        {"sqlite_with_rowid": False},
    )

    id = None  # type: ignore[assignment]
    token: Mapped[str] = mapped_column(String(2 * BLIND_INDEX_BYTES))
    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )


class StageChange(Base):
    """One move along the pipeline."""

    __tablename__ = "stage_changes"
    __table_args__ = (Index(None, "changed_on"),)

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    from_stage: Mapped[Stage | None]
    to_stage: Mapped[Stage]
    changed_on: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    because: Mapped[str | None] = mapped_column(String(40))  # a key of the list of reasons to leave
    reason: Mapped[str | None] = mapped_column(EncryptedText)


class Placement(Referable, Versioned, Base):
    """A volunteer's part in one group, for as long as it lasts."""

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        # One current placement for a volunteer and group; past ones may be many.
        Index(
            "uq_placements_current",
            "volunteer_id",
            "group_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index(None, "group_id"),
        Index(None, "volunteer_id", "starts_on"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="RESTRICT"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="RESTRICT"))
    role: Mapped[PlacementRole]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Why she was placed here although there was something to weigh (domain §4.3).
    despite: Mapped[str | None] = mapped_column(EncryptedText)

    volunteer: Mapped[Volunteer] = relationship(lazy="raise")
    group: Mapped[Group] = relationship(lazy="raise")
