"""How somebody may be reached safely, and what came of trying (domain §5.2)."""

import enum
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText


class Route(enum.Enum):
    """A way to reach somebody."""

    CALL = "call"
    TEXT = "text"
    VOICEMAIL = "voicemail"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    POST = "post"
    VIA_WORKER = "via_worker"
    ONLINE = "online"


class RouteAnswer(enum.Enum):
    """Whether a route is safe. A route with no row is not: the default is no."""

    NO = "no"
    YES = "yes"
    ONLY_WHEN = "only_when"


class ContactOutcome(enum.Enum):
    """What came of trying to reach somebody."""

    SPOKE = "spoke"
    SENT = "sent"
    MESSAGE_LEFT = "message_left"
    NO_ANSWER = "no_answer"
    SOMEONE_ELSE = "someone_else"
    NOT_LEFT = "message_not_left"
    NO_CODE_WORD = "no_code_word"
    WRONG_NUMBER = "wrong_number"
    THEY_CAME_TO_US = "they_came_to_us"


class ContactPlan(Versioned, Base):
    """What was agreed with one person about reaching her; it lapses unless confirmed again."""

    __tablename__ = "contact_plans"
    __table_args__ = (
        CheckConstraint(
            "(suspended_at IS NULL) = (suspended_reason IS NULL)", name="suspended_with_a_reason"
        ),
        CheckConstraint(
            "(confirmed_on IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    name_to_use: Mapped[str | None] = mapped_column(EncryptedText)
    code_word: Mapped[str | None] = mapped_column(EncryptedText)  # by which we know her
    our_code_word: Mapped[str | None] = mapped_column(EncryptedText)  # by which she knows us
    without_code_word: Mapped[str | None] = mapped_column(EncryptedText)
    who_else_sees: Mapped[str | None] = mapped_column(EncryptedText)
    withhold_number: Mapped[bool] = mapped_column(default=True)
    she_contacts_us: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    # None: what is kept has not been confirmed with her since it was changed.
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str | None] = mapped_column(EncryptedText)
    # Of the plan and its routes alike: one version stands for all that was on the screen.
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class ContactRoute(Versioned, Base):
    """One route of a person: whether it is safe, when, and what may be said on it."""

    __tablename__ = "contact_routes"
    __table_args__ = (
        UniqueConstraint("person_id", "route"),
        CheckConstraint("until_time > from_time", name="until_after_from"),
        CheckConstraint(
            "answer <> 'only_when' OR weekdays IS NOT NULL OR from_time IS NOT NULL"
            " OR until_time IS NOT NULL OR condition IS NOT NULL",
            name="only_when_says_when",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    route: Mapped[Route]
    answer: Mapped[RouteAnswer] = mapped_column(default=RouteAnswer.NO)
    address: Mapped[str | None] = mapped_column(EncryptedText)  # number, e-mail or postal address
    weekdays: Mapped[str | None] = mapped_column(String(7))  # "024" is Monday, Wednesday, Friday
    from_time: Mapped[time | None]
    until_time: Mapped[time | None]
    condition: Mapped[str | None] = mapped_column(EncryptedText)  # in words, for a person to judge
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    may_say_who: Mapped[bool] = mapped_column(default=False)


class ContactAttempt(Referable, Base):
    """One time somebody was reached, or was not."""

    __tablename__ = "contact_attempts"
    __table_args__ = (Index(None, "person_id", "at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    route: Mapped[Route]
    outcome: Mapped[ContactOutcome]
    note: Mapped[str | None] = mapped_column(EncryptedText)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
