"""People who must not, or had better not, meet in a group. Screens learn only the answer."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText

_AVOIDS = text("kind = 'avoids'")


class Strength(enum.Enum):
    """A hard stop, or something for a coordinator to weigh (domain §4.3)."""

    HARD = "hard"
    SOFT = "soft"


class Conflict(Referable, Versioned, Base):
    """Two people, participants or survivor volunteers, to be kept apart, and why."""

    __tablename__ = "conflicts"
    __table_args__ = (
        CheckConstraint(
            "(person_id IS NULL) <> (volunteer_id IS NULL)"
            " AND (other_person_id IS NULL) <> (other_volunteer_id IS NULL)",
            name="two_parties",
        ),
        CheckConstraint(
            "(person_id IS NULL OR other_person_id IS NULL OR person_id <> other_person_id)"
            " AND (volunteer_id IS NULL OR other_volunteer_id IS NULL"
            " OR volunteer_id <> other_volunteer_id)",
            name="two_different_parties",
        ),
    )

    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id", ondelete="RESTRICT"), index=True
    )
    other_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    other_volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id", ondelete="RESTRICT"), index=True
    )
    strength: Mapped[Strength]
    reason: Mapped[str] = mapped_column(EncryptedText)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    end_reason: Mapped[str | None] = mapped_column(EncryptedText)


class CrossingKind(enum.Enum):
    """Where somebody's life may cross another's (domain §4.3); the last is where she never goes."""

    NEIGHBOURHOOD = "neighbourhood"
    EMPLOYER = "employer"
    WORSHIP = "worship"
    COMMUNITY = "community"
    AVOIDS = "avoids"


class Crossing(Base):
    """One such place of a family or a survivor volunteer: compared when somebody is placed, and
    shown to nobody who places. Of an address no more than the first part of its postcode."""

    __tablename__ = "crossings"
    __table_args__ = (
        CheckConstraint("(family_id IS NULL) <> (volunteer_id IS NULL)", name="one_party"),
        Index("ix_crossings_avoids", "id", sqlite_where=_AVOIDS, postgresql_where=_AVOIDS),
    )

    family_id: Mapped[int | None] = mapped_column(
        ForeignKey("families.id", ondelete="CASCADE"), index=True
    )
    volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[CrossingKind]
    name: Mapped[str] = mapped_column(EncryptedText)
