"""The append-only, hash-chained log of who did and saw what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.encryption import EncryptedText


class AuditEntry(Base):
    """One thing somebody did. The database refuses to change or delete it (see the migration)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "subject", "id"), Index(None, "account_id", "id"))

    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[str] = mapped_column(Text, default="{}")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """Where the chain ends, and the secret it is keyed with: a cut-off tail shows here."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(EncryptedText)
