"""What the service offers, and the plan it has made with each family."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText

_OPEN = text("ends_on IS NULL")


class Intervention(Referable, Versioned, Base):
    """One kind of help, in a list the charity keeps for itself (domain §0)."""

    __tablename__ = "interventions"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)


class Plan(Referable, Versioned, Base):
    """One intervention for one family, from its start to its end."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("review_on >= starts_on", name="review_after_start"),
        CheckConstraint("(ends_on IS NULL) = (ending IS NULL)", name="ending_has_a_reason"),
        Index(None, "family_id"),
        # One open plan a family and intervention.
        Index(
            "uq_plans_open",
            "family_id",
            "intervention_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_plans_to_review", "review_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_plans_to_review_by_worker",
            "worker_id",
            "review_on",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    family_id: Mapped[int] = mapped_column(ForeignKey("families.id", ondelete="RESTRICT"))
    intervention_id: Mapped[int] = mapped_column(
        ForeignKey("interventions.id", ondelete="RESTRICT"), index=True
    )
    worker_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    review_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)
    ending: Mapped[str | None] = mapped_column(EncryptedText)


class PlanMember(Base):
    """A member of the family the plan is for: one, some or all of them."""

    __tablename__ = "plan_members"
    __table_args__ = (PrimaryKeyConstraint("plan_id", "person_id"),)

    id = None  # type: ignore[assignment]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
