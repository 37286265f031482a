"""Consents: one dated, withdrawable row for each thing somebody agreed to (domain §5.1)."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText


class Purpose(enum.Enum):
    """What consent is asked for, each on its own."""

    TAKE_PART = "take_part"
    SHARE = "share"
    EVALUATION = "evaluation"
    QUOTE = "quote"
    PHOTO = "photo"
    CONTACT_AFTER = "contact_after"
    VOLUNTEER_APPROACH = "volunteer_approach"


class Basis(enum.Enum):
    """On what footing it was given: by herself, judged competent, or by who is responsible."""

    SELF = "self"
    GILLICK = "gillick"
    RESPONSIBILITY = "responsibility"


def _one_standing(name: str, *columns: str, where: str) -> Index:
    standing = text(f"withdrawn_on IS NULL AND {where}")
    return Index(name, *columns, unique=True, sqlite_where=standing, postgresql_where=standing)


class Consent(Referable, Versioned, Base):
    """What one person agreed to, who gave it, and when it was taken back.

    Somebody who was asked and said no has a row too, taken back on the day she was asked: what
    never stood needs no condition of its own wherever it is asked what stands.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("withdrawn_on >= given_on", name="withdrawn_after_given"),
        CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_at IS NULL)"
            " AND (withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)",
            name="withdrawn_by_somebody",
        ),
        CheckConstraint("judged_on <= given_on", name="judged_before_given"),
        CheckConstraint("(purpose = 'share') = (agency_id IS NOT NULL)", name="share_names_agency"),
        CheckConstraint(
            "(basis = 'gillick') = (judged_by_id IS NOT NULL AND judged_on IS NOT NULL"
            " AND judgement IS NOT NULL)",
            name="gillick_judged",
        ),
        CheckConstraint(
            "(basis = 'responsibility') = (given_by_id IS NOT NULL)", name="given_by_named"
        ),
        CheckConstraint(
            "NOT is_refusal OR (withdrawn_on IS NOT NULL AND withdrawn_on = given_on)",
            name="refusal_never_stood",
        ),
        # One standing consent a person and purpose; for sharing, one an agency.
        _one_standing("uq_consents_standing", "person_id", "purpose", where="agency_id IS NULL"),
        _one_standing(
            "uq_consents_standing_agency", "person_id", "agency_id", where="agency_id IS NOT NULL"
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    purpose: Mapped[Purpose]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id", ondelete="RESTRICT"))
    basis: Mapped[Basis]
    is_refusal: Mapped[bool] = mapped_column(default=False)
    given_on: Mapped[date]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    judged_on: Mapped[date | None]
    judgement: Mapped[str | None] = mapped_column(EncryptedText)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    withdrawn_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    withdrawal_reason: Mapped[str | None] = mapped_column(EncryptedText)
