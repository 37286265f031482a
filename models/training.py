"""Training: the courses there are, which role needs which, and who took which when."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned

_LATEST = text("is_latest")


class Course(Referable, Versioned, Base):
    """One course, in a list the charity keeps for itself (domain §4.2)."""

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes_range"),
        CheckConstraint("refresh_months BETWEEN 1 AND 120", name="refresh_range"),
    )

    name: Mapped[str] = mapped_column(String(120), unique=True)
    minutes: Mapped[int]  # how long it usually takes
    needed_for: Mapped[list[str]] = mapped_column(JSON)  # the roles nobody takes on without it
    refresh_months: Mapped[int | None]  # how long it counts; None is for good
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)


class Training(Referable, Base):
    """One volunteer on one course on one day, and until when it counts."""

    __tablename__ = "trainings"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "course_id", "held_on"),
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes_range"),
        CheckConstraint("expires_on > held_on", name="expires_later"),
        Index(None, "course_id"),
        Index(
            "uq_trainings_latest", "volunteer_id", "course_id", unique=True,
            sqlite_where=_LATEST, postgresql_where=_LATEST,
        ),
        Index(
            "ix_trainings_running_out", "expires_on",
            sqlite_where=_LATEST, postgresql_where=_LATEST,
        ),
    )  # fmt: skip

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    expires_on: Mapped[date | None]  # the last day on which it counts
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    is_latest: Mapped[bool]  # of this volunteer on this course
