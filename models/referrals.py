"""Referrals: who sent whom, what was asked for, and how far it has come."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedJSON, EncryptedText


class ReferralSource(enum.Enum):
    """How somebody comes: sent by a partner, by herself, or from the service's other work."""

    AGENCY = "agency"
    SELF = "self"
    INTERNAL = "internal"


class ReferralState(enum.Enum):
    """The way to a place (domain §1.3); a place itself has its own states from the offer on."""

    REFERRED = "referred"
    CONTACT_ATTEMPTED = "contact_attempted"
    MEETING_BOOKED = "meeting_booked"
    SUITABLE = "suitable"
    NOT_NOW = "not_now"
    NOT_SUITABLE = "not_suitable"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    STARTED = "started"
    COMPLETED = "completed"
    LEFT_EARLY = "left_early"
    TRANSFERRED = "transferred"
    DECLINED = "declined"
    NO_SAFE_CONTACT = "no_safe_contact"


class FormState(enum.Enum):
    """What became of a form a professional sent in."""

    TO_CHECK = "to_check"
    TAKEN_UP = "taken_up"
    SET_ASIDE = "set_aside"


class Agency(Referable, Versioned, Base):
    """A partner in the directory."""

    __tablename__ = "agencies"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    is_active: Mapped[bool] = mapped_column(default=True)


_ON_THE_WAY_SQL = text(
    "state IN ('referred', 'contact_attempted', 'meeting_booked', 'suitable', 'waiting', 'offered')"
)


class AgencyWorker(Referable, Versioned, Base):
    """Somebody who works at a partner."""

    __tablename__ = "agency_workers"

    agency_id: Mapped[int] = mapped_column(
        ForeignKey("agencies.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    is_active: Mapped[bool] = mapped_column(default=True)


class Referral(Referable, Versioned, Base):
    """One person sent our way once. The three dates are its clocks (domain §6)."""

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("(source = 'agency') = (agency_id IS NOT NULL)", name="agency_named"),
        CheckConstraint("first_contact_on >= received_on", name="contact_after_referral"),
        CheckConstraint("offered_on >= received_on", name="offer_after_referral"),
        CheckConstraint("first_session_on >= received_on", name="session_after_referral"),
        CheckConstraint("(jumped_at IS NULL) = (jump_reason IS NULL)", name="jump_has_a_reason"),
        Index(None, "state", "received_on", "id"),
        Index(None, "received_on", "id"),
        # Those still on the way, the newest first: a short list whatever the programme's size.
        Index(
            "ix_referrals_on_the_way",
            "received_on",
            "id",
            sqlite_where=_ON_THE_WAY_SQL,
            postgresql_where=_ON_THE_WAY_SQL,
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    source: Mapped[ReferralSource]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id", ondelete="RESTRICT"))
    worker_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency_workers.id", ondelete="RESTRICT")
    )
    # The place in a group it led to: from then on the place moves it along, nobody by hand.
    place_id: Mapped[int | None] = mapped_column(
        ForeignKey("places.id", ondelete="RESTRICT"), index=True
    )
    received_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.REFERRED)
    state_since: Mapped[date]
    first_contact_on: Mapped[date | None]
    offered_on: Mapped[date | None]
    first_session_on: Mapped[date | None]
    # The waiting list goes by the day of referral; whoever is put first has the reason with it.
    jumped_at: Mapped[datetime | None]
    jump_reason: Mapped[str | None] = mapped_column(EncryptedText)
    jumped_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]


class ReferralWish(Base):
    """One intervention a referral asks for."""

    __tablename__ = "referral_wishes"
    __table_args__ = (PrimaryKeyConstraint("referral_id", "intervention_id"),)

    id = None  # type: ignore[assignment]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"))
    intervention_id: Mapped[int] = mapped_column(
        ForeignKey("interventions.id", ondelete="RESTRICT"), index=True
    )


class ReferralChange(Base):
    """One step on a referral's way, with its reason."""

    __tablename__ = "referral_changes"

    referral_id: Mapped[int] = mapped_column(
        ForeignKey("referrals.id", ondelete="CASCADE"), index=True
    )
    from_state: Mapped[ReferralState | None]
    to_state: Mapped[ReferralState]
    changed_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class ReferralForm(Referable, Versioned, Base):
    """A form a professional sent in through the public page, until somebody has checked it."""

    __tablename__ = "referral_forms"
    __table_args__ = (
        CheckConstraint("(state = 'taken_up') = (referral_id IS NOT NULL)", name="taken_up_as"),
        Index(None, "state", "id"),
    )

    received_at: Mapped[datetime]
    # The blank form's own random number: pressing "send" twice counts once.
    form_number: Mapped[str] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    state: Mapped[FormState] = mapped_column(default=FormState.TO_CHECK)
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", ondelete="RESTRICT"))
