"""Families and the people in them: participants, adults and children, and who belongs to whom."""

import enum
import random
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Referable, Versioned
from models.encryption import BLIND_INDEX_BYTES, EncryptedDate, EncryptedJSON, EncryptedText

_SECURE = random.SystemRandom()
CODE_MARKS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no letter that is heard or read as another


class PersonKind(enum.Enum):
    """An adult or a child; a child has a family with a carer in it."""

    ADULT = "adult"
    CHILD = "child"


class Relation(enum.Enum):
    """What one person is to another: she is the … of."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step_parent"
    GRANDPARENT = "grandparent"
    FOSTER_CARER = "foster_carer"
    GUARDIAN = "guardian"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"


class ProfessionalKind(enum.Enum):
    """Who else stands around a family."""

    SCHOOL = "school"
    NURSERY = "nursery"
    SOCIAL_WORKER = "social_worker"
    HEALTH = "health"
    HOUSING = "housing"
    SOLICITOR = "solicitor"
    POLICE = "police"
    OTHER = "other"


def new_code(chance: random.Random = _SECURE) -> str:
    """A reference people can say on the phone and write on paper: seven marks, at random."""
    marks = "".join(chance.choices(CODE_MARKS, k=7))
    return f"{marks[:3]}-{marks[3:]}"


class Family(Referable, Base):
    """What links adults and children; places and measures belong to the person, not to it."""

    __tablename__ = "families"

    created_at: Mapped[datetime]


class Person(Referable, Versioned, Base):
    """Somebody who takes part, or the carer of a child who does."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("merged_into_id <> id", name="merged_into_another"),)

    family_id: Mapped[int] = mapped_column(
        ForeignKey("families.id", ondelete="RESTRICT"), index=True
    )
    kind: Mapped[PersonKind]
    code: Mapped[str] = mapped_column(String(8), default=new_code, unique=True)
    first_name: Mapped[str] = mapped_column(EncryptedText)
    last_name: Mapped[str] = mapped_column(EncryptedText)
    known_as: Mapped[str | None] = mapped_column(EncryptedText)
    date_of_birth: Mapped[date | None] = mapped_column(EncryptedDate)
    language: Mapped[str | None] = mapped_column(String(40))
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    access_needs: Mapped[str | None] = mapped_column(EncryptedText)
    complex_needs: Mapped[str | None] = mapped_column(EncryptedText)
    alert: Mapped[str | None] = mapped_column(EncryptedText)
    # Her reference in whatever was kept before: a spreadsheet brought in again finds her by it.
    earlier_reference: Mapped[str | None] = mapped_column(EncryptedText)
    # A second record of the same person, kept so that joining the two can be undone.
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[datetime]

    family: Mapped[Family] = relationship(lazy="raise")


class PersonToken(Base):
    """A keyed hash of a part of what somebody is found by: nobody is decrypted to be found.

    A likeness is a hash that two records of one person are likely to share.
    """

    __tablename__ = "person_tokens"
    __table_args__ = (
        PrimaryKeyConstraint("token", "person_id"),
        Index(
            "ix_person_tokens_likeness",
            "token",
            "person_id",
            sqlite_where=text("is_likeness"),
            postgresql_where=text("is_likeness"),
        ),
        # The table is its own index: half the size, and one look-up where there would be two.
        {"sqlite_with_rowid": False},
    )

    id = None  # type: ignore[assignment]
    token: Mapped[str] = mapped_column(String(2 * BLIND_INDEX_BYTES))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    is_likeness: Mapped[bool] = mapped_column(default=False)


class Kinship(Versioned, Base):
    """`person` is the `relation` of `relative`, and whether with parental responsibility."""

    __tablename__ = "kinships"
    __table_args__ = (
        UniqueConstraint("person_id", "relative_id"),
        CheckConstraint("person_id <> relative_id", name="two_people"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    relative_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    relation: Mapped[Relation]
    has_responsibility: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(EncryptedText)  # an order of a court, for example


class Professional(Referable, Versioned, Base):
    """A school or worker around a family; not a route to the family by itself."""

    __tablename__ = "professionals"

    family_id: Mapped[int] = mapped_column(
        ForeignKey("families.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ProfessionalKind]
    organisation: Mapped[str | None] = mapped_column(EncryptedText)
    name: Mapped[str | None] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    note: Mapped[str | None] = mapped_column(EncryptedText)


class Characteristic(Base):
    """One answer about a protected characteristic (domain §6). No row: she was not asked.

    Kept apart from the person's record and read in totals only; asked once, never again.
    """

    __tablename__ = "characteristics"
    __table_args__ = (
        UniqueConstraint("person_id", "question"),
        Index(None, "question", "answer"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(60))
    own_words: Mapped[str | None] = mapped_column(EncryptedText)
    asked_on: Mapped[date]


class RecordLock(Base):
    """Somebody on the staff for whom this person's record does not exist."""

    __tablename__ = "record_locks"
    __table_args__ = (UniqueConstraint("account_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    locked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    locked_at: Mapped[datetime]


class PersonMerge(Referable, Base):
    """Two records of one person joined: what moved, so that it can be undone."""

    __tablename__ = "person_merges"

    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class TwoPeople(Base):
    """Two records that look like one person's, and were found to be two people's."""

    __tablename__ = "two_people"
    __table_args__ = (
        UniqueConstraint("person_id", "other_person_id"),
        CheckConstraint("person_id < other_person_id", name="older_first"),
        Index(None, "other_person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    other_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
