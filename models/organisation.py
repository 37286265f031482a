"""The charity this programme belongs to, and its settings: one row."""

from sqlalchemy import CheckConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Versioned
from models.encryption import EncryptedText

# A known text, encrypted on the first day: it tells a wrong data key before anything is read.
KEY_CHECK = "alongside"


class Organisation(Versioned, Base):
    """Name, logo and house rules. The check keeps it to a single row."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("id = 1", name="single_row"),
        CheckConstraint("idle_minutes BETWEEN 1 AND 120", name="idle_minutes_range"),
        CheckConstraint("feedback_days BETWEEN 1 AND 60", name="feedback_days_range"),
        CheckConstraint("contact_days BETWEEN 1 AND 365", name="contact_days_range"),
        CheckConstraint("register_days BETWEEN 0 AND 365", name="register_days_range"),
        CheckConstraint("offer_days BETWEEN 1 AND 30", name="offer_days_range"),
        CheckConstraint("recheck_months BETWEEN 6 AND 60", name="recheck_months_range"),
        CheckConstraint("status_months BETWEEN 1 AND 24", name="status_months_range"),
    )

    name: Mapped[str]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    idle_minutes: Mapped[int] = mapped_column(default=10)
    feedback_days: Mapped[int] = mapped_column(default=7)
    # How long a safe-contact plan holds without being confirmed again (domain §5.2).
    contact_days: Mapped[int] = mapped_column(default=30)
    # How long after its session a finished register can be reopened; 0 is for ever.
    register_days: Mapped[int] = mapped_column(default=7)
    # How many working days a person has to answer when a seat is offered to her.
    offer_days: Mapped[int] = mapped_column(default=5)
    # The nation whose bank holidays are no working days, and are passed over when groups are made.
    region: Mapped[str] = mapped_column(String(20), default="England")
    # How long a DBS check counts: from its issue, or from the last status check.
    recheck_months: Mapped[int] = mapped_column(default=36)
    status_months: Mapped[int] = mapped_column(default=12)
    referrals_open: Mapped[bool] = mapped_column(default=False)  # the public form for professionals
    # Whether calendar feeds, which leave the building, may say where a session is.
    feeds_show_place: Mapped[bool] = mapped_column(default=False)
    support_text: Mapped[str] = mapped_column(Text, default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    key_check: Mapped[str] = mapped_column(EncryptedText, default=KEY_CHECK)
