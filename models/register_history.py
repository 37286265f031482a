"""What became of a register after it was finished once. The database refuses to change it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.encryption import EncryptedText
from models.registers import CODES_SQL


class RegisterReopening(Base):
    """A finished register was opened again: by whom, why, and who had finished it when."""

    __tablename__ = "register_reopenings"
    __table_args__ = (Index(None, "session_id", "at"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    was_locked: Mapped[bool]
    finished_at: Mapped[datetime]
    finished_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )


class RegisterAmendment(Base):
    """A mark changed after its register had been finished once: from what to what."""

    __tablename__ = "register_amendments"
    __table_args__ = (
        CheckConstraint(f"code_before IN ({CODES_SQL})", name="known_code_before"),
        CheckConstraint(f"code_after IN ({CODES_SQL})", name="known_code_after"),
        Index(None, "session_id", "at"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    code_before: Mapped[str | None] = mapped_column(String(1))
    code_after: Mapped[str | None] = mapped_column(String(1))
    minutes_before: Mapped[int | None]
    minutes_after: Mapped[int | None]


class PaperEntry(Base):
    """Marks entered from a sheet of paper: who wrote them down, and who entered them when."""

    __tablename__ = "paper_entries"
    __table_args__ = (UniqueConstraint("entry"),)

    # The form's own name for itself: sent twice, it counts once.
    entry: Mapped[str] = mapped_column(String(40))
    session_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.id", ondelete="RESTRICT"), index=True
    )
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    written_by: Mapped[str] = mapped_column(EncryptedText)
    marks: Mapped[int]
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # for entering it so late
