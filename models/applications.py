"""Applications to volunteer as they came in, and how a volunteer may be reached safely."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedJSON, EncryptedText
from models.referrals import FormState


class VolunteerApplication(Referable, Versioned, Base):
    """A form somebody sent in through the public page, until a coordinator has checked it."""

    __tablename__ = "volunteer_applications"
    __table_args__ = (
        CheckConstraint("(state = 'taken_up') = (volunteer_id IS NOT NULL)", name="taken_up_as"),
        Index(None, "state", "id"),
    )

    received_at: Mapped[datetime]
    # The blank form's own random number: pressing "send" twice counts once.
    form_number: Mapped[str] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON)
    # Whom she would find it hard to meet: apart from the answers, because it is sealed.
    hard_to_meet: Mapped[str | None] = mapped_column(EncryptedText)
    state: Mapped[FormState] = mapped_column(default=FormState.TO_CHECK)
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id", ondelete="RESTRICT"), index=True
    )


class VolunteerContact(Versioned, Base):
    """How a volunteer may be reached, by what she said herself. No row: nobody has asked her."""

    __tablename__ = "volunteer_contacts"

    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True
    )
    may_call: Mapped[bool] = mapped_column(default=False)
    may_text: Mapped[bool] = mapped_column(default=False)
    may_email: Mapped[bool] = mapped_column(default=False)
    she_contacts_us: Mapped[bool] = mapped_column(default=False)
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    times: Mapped[str | None] = mapped_column(EncryptedText)
    name_to_use: Mapped[str | None] = mapped_column(EncryptedText)
    code_word: Mapped[str | None] = mapped_column(EncryptedText)
    who_else_sees: Mapped[str | None] = mapped_column(EncryptedText)
    # None: what is kept has not been confirmed with her since it was changed.
    confirmed_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
