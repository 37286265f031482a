"""Checks on a survivor volunteer: references, right to volunteer, DBS, disclosures (domain §4.4).

What a certificate says is not here and has no column: neither its contents nor a picture of it.
"""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText

_CURRENT = text("is_current")
_DETAILED = text("seen_on IS NOT NULL AND details_removed_on IS NULL")
_TOLD = text("told_removed_on IS NULL")


def _account() -> ForeignKey:
    return ForeignKey("accounts.id", ondelete="RESTRICT")


class RefereeContext(enum.Enum):
    """Where a referee knows her from: two references come from two of these."""

    WORK = "work"
    VOLUNTEERING = "volunteering"
    EDUCATION = "education"
    SUPPORT = "support"
    COMMUNITY = "community"
    FRIENDSHIP = "friendship"


class CheckLevel(enum.Enum):
    """How much a DBS check looks at, the least first."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"


class Workforce(enum.Enum):
    """With whom she is checked to work."""

    CHILDREN = "children"
    ADULTS = "adults"
    BOTH = "both"


class CheckDecision(enum.Enum):
    """What a person decided after a check or a disclosure; never a number."""

    CLEARED = "cleared"
    ARRANGEMENTS = "arrangements"  # she may volunteer, with what was agreed
    NOT_NOW = "not_now"


class Referee(Referable, Versioned, Base):
    """Somebody who speaks for her, and what has become of asking."""

    __tablename__ = "referees"
    __table_args__ = (
        CheckConstraint("known_years >= 2", name="known_long_enough"),
        CheckConstraint("received_on >= asked_on", name="received_after_asked"),
        CheckConstraint("(is_enough IS NULL) = (decided_on IS NULL)", name="decided_with_a_day"),
    )

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(EncryptedText)
    contact: Mapped[str] = mapped_column(EncryptedText)
    context: Mapped[RefereeContext]
    known_years: Mapped[int]
    asked_on: Mapped[date | None]
    chased_on: Mapped[date | None]
    received_on: Mapped[date | None]
    is_enough: Mapped[bool | None]
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    reason: Mapped[str | None] = mapped_column(EncryptedText)


class RightToVolunteer(Referable, Base):
    """That somebody has seen she may volunteer here, and until when; no copy of what was seen."""

    __tablename__ = "rights_to_volunteer"
    __table_args__ = (
        CheckConstraint("valid_until >= seen_on", name="valid_after_seen"),
        Index(None, "valid_until"),
    )

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    seen_on: Mapped[date]
    seen_by_id: Mapped[int] = mapped_column(_account())
    valid_until: Mapped[date | None]


class DbsCheck(Referable, Versioned, Base):
    """One DBS check: asked for, its certificate seen, decided on; its details go in time."""

    __tablename__ = "dbs_checks"
    __table_args__ = (
        CheckConstraint("(seen_on IS NULL) = (issued_on IS NULL)", name="seen_with_its_date"),
        CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name="decided_with_a_day"),
        CheckConstraint("decision IS NULL OR seen_on IS NOT NULL", name="decided_once_seen"),
        CheckConstraint("details_removed_on IS NULL OR number IS NULL", name="removed_is_gone"),
        Index("ix_dbs_checks_due", "counts_from", sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index(
            "ix_dbs_checks_detailed", "seen_on",
            sqlite_where=_DETAILED, postgresql_where=_DETAILED,
        ),
    )  # fmt: skip

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(40))  # a key of data/reference/dbs_roles.yaml
    level: Mapped[CheckLevel]
    workforce: Mapped[Workforce]
    with_barred_list: Mapped[bool]
    asked_on: Mapped[date]
    number: Mapped[str | None] = mapped_column(EncryptedText)
    issued_on: Mapped[date | None]
    seen_on: Mapped[date | None]
    seen_by_id: Mapped[int | None] = mapped_column(_account())
    update_service_on: Mapped[date | None]  # when she joined the Update Service
    status_on: Mapped[date | None]  # the last time it was asked and had nothing new
    changed_on: Mapped[date | None]  # when it said that there is something new
    counts_from: Mapped[date | None]  # the day from which the next re-check is counted
    decision: Mapped[CheckDecision | None]
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    # The last one decided on for its workforce: those it took the place of are history.
    is_current: Mapped[bool] = mapped_column(default=False)
    details_removed_on: Mapped[date | None]


class DisclosureTalk(Referable, Base):
    """A conversation about something on her record, and the risk decision that came of it."""

    __tablename__ = "disclosure_talks"
    __table_args__ = (
        Index(
            "ix_disclosure_talks_told", "talked_on", sqlite_where=_TOLD, postgresql_where=_TOLD
        ),
    )  # fmt: skip

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), index=True
    )
    talked_on: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(_account())
    told: Mapped[str | None] = mapped_column(EncryptedText)  # and how it was weighed; goes in time
    decision: Mapped[CheckDecision]
    agreed: Mapped[str | None] = mapped_column(EncryptedText)
    told_removed_on: Mapped[date | None]
