"""A survivor volunteer's own time as a participant: sealed, one row whatever there is to say."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Versioned


class OwnTime(Versioned, Base):
    """What a volunteer said of her own time, and the one link to her record as a participant.

    That there is a row says nothing: it is made for whatever answer comes first. Only
    services/own_time reads it (docs/decisions/0024).
    """

    __tablename__ = "own_times"
    __table_args__ = (
        CheckConstraint("person_id IS NULL OR was_participant", name="linked_as_participant"),
        CheckConstraint(
            "(has_own_support IS NULL) = (support_asked_on IS NULL)", name="support_has_a_day"
        ),
    )

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True
    )
    was_participant: Mapped[bool | None]  # None: nobody has asked her yet
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    has_own_support: Mapped[bool | None]  # outside the role
    support_asked_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
