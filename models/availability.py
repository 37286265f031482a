"""When a survivor volunteer can come, and what she would like: hours, exceptions, wishes."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedJSON, EncryptedText

_IN_A_DAY = "starts >= 0 AND starts < ends AND ends <= 1440"


class WeeklyHours(Base):
    """Hours of one weekday in which she can usually come, in minutes after midnight."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint(_IN_A_DAY, name="in_a_day"),
        Index(None, "volunteer_id", "weekday", "starts"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]


class AvailabilityException(Referable, Base):
    """Days on which she is away (no hours), or more hours on one day."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both_hours"),
        CheckConstraint(f"starts IS NULL OR ({_IN_A_DAY})", name="in_a_day"),
        CheckConstraint("starts IS NULL OR starts_on = ends_on", name="extra_on_one_day"),
        Index(None, "volunteer_id", "ends_on"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts: Mapped[int | None]
    ends: Mapped[int | None]


class VolunteerWishes(Versioned, Base):
    """What she would like, and how much. Its version stands for the hours as well."""

    __tablename__ = "volunteer_wishes"
    __table_args__ = (
        CheckConstraint("most_a_month BETWEEN 1 AND 31", name="most_a_month_range"),
        CheckConstraint("weeks_between BETWEEN 0 AND 52", name="weeks_between_range"),
        CheckConstraint("groups_at_once BETWEEN 1 AND 5", name="groups_at_once_range"),
    )

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True
    )
    most_a_month: Mapped[int | None]
    weeks_between: Mapped[int] = mapped_column(default=4)
    groups_at_once: Mapped[int] = mapped_column(default=1)
    roles: Mapped[list[str]] = mapped_column(EncryptedJSON, default=list)
    languages: Mapped[list[str]] = mapped_column(EncryptedJSON, default=list)
    skills: Mapped[str | None] = mapped_column(EncryptedText)
    # Streets, districts, places, in her own words: where somebody lives may be read from them.
    avoids: Mapped[str | None] = mapped_column(EncryptedText)


class AvoidedRoom(Base):
    """A room in which she does not want to be, to match by."""

    __tablename__ = "avoided_rooms"
    __table_args__ = (PrimaryKeyConstraint("volunteer_id", "room_id"),)

    id = None  # type: ignore[assignment]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"))
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
