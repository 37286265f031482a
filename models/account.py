"""Staff accounts and their sign-ins."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable
from models.encryption import EncryptedText


class Role(enum.Enum):
    """What somebody came to do; `services.permissions` says what each may do."""

    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"
    EVALUATOR = "evaluator"
    ENGAGE_WORKER = "engage_worker"
    VOLUNTEER = "volunteer"


class Account(Referable, Base):
    """Somebody who signs in. Accounts are closed, never deleted: the audit names them."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("username = lower(username)", name="username_lower"),
        CheckConstraint("failed_attempts >= 0", name="failed_attempts_positive"),
    )

    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(EncryptedText)
    password_hash: Mapped[str]
    role: Mapped[Role]
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    # Sign-ins from before this instant no longer count: a new password ends the old sessions.
    sessions_valid_from: Mapped[datetime]
    created_at: Mapped[datetime]


class SignIn(Base):
    """One signed-in browser, so that it can be locked when idle and ended for good."""

    __tablename__ = "sign_ins"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
