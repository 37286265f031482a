"""What is kept of colleagues who run groups: training, a check, days away. No more than that."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable


class StaffTraining(Base):
    """A colleague's training for one programme; `valid_until` is empty where it does not end."""

    __tablename__ = "staff_trainings"
    __table_args__ = (
        UniqueConstraint("account_id", "programme"),
        CheckConstraint("valid_until >= trained_on", name="valid_after_training"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    programme: Mapped[str] = mapped_column(String(40))
    trained_on: Mapped[date]
    valid_until: Mapped[date | None]


class StaffCheck(Base):
    """That a colleague was checked for work with children, and when to check again."""

    __tablename__ = "staff_checks"
    __table_args__ = (
        UniqueConstraint("account_id"),
        CheckConstraint("check_again_on > checked_on", name="again_after_check"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    checked_on: Mapped[date]
    check_again_on: Mapped[date]


class StaffAbsence(Referable, Base):
    """Days a colleague is away; why is nobody's business here."""

    __tablename__ = "staff_absences"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="last_after_first"),
        Index(None, "account_id", "last_on"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    first_on: Mapped[date]
    last_on: Mapped[date]
