"""Families and the people in them: participants, adults and children."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Referable, Versioned
from models.encryption import BLIND_INDEX_BYTES, EncryptedDate, EncryptedText


class PersonKind(enum.Enum):
    """An adult or a child; a child has a family with a carer in it."""

    ADULT = "adult"
    CHILD = "child"


class Family(Referable, Base):
    """What links adults and children; places and measures belong to the person, not to it."""

    __tablename__ = "families"

    created_at: Mapped[datetime]


class Person(Referable, Versioned, Base):
    """Somebody who takes part."""

    __tablename__ = "people"

    family_id: Mapped[int] = mapped_column(
        ForeignKey("families.id", ondelete="RESTRICT"), index=True
    )
    kind: Mapped[PersonKind]
    first_name: Mapped[str] = mapped_column(EncryptedText)
    last_name: Mapped[str] = mapped_column(EncryptedText)
    date_of_birth: Mapped[date | None] = mapped_column(EncryptedDate)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    access_needs: Mapped[str | None] = mapped_column(EncryptedText)
    alert: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime]

    family: Mapped[Family] = relationship(lazy="raise")


class PersonToken(Base):
    """A keyed hash of a part of somebody's name: how she is found without decrypting everybody."""

    __tablename__ = "person_tokens"
    __table_args__ = (PrimaryKeyConstraint("token", "person_id"),)

    id = None  # type: ignore[assignment]
    token: Mapped[str] = mapped_column(String(2 * BLIND_INDEX_BYTES))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
