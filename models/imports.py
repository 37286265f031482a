"""Spreadsheets brought in: what each changed, so that it can be undone, and how columns matched."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable
from models.encryption import BLIND_INDEX_BYTES, EncryptedJSON, EncryptedText


class ImportKind(enum.Enum):
    """What a spreadsheet holds."""

    PARTICIPANTS = "participants"
    VOLUNTEERS = "volunteers"
    GROUPS = "groups"
    ATTENDANCE = "attendance"


class Import(Referable, Base):
    """One file that was brought in, whole, in one transaction."""

    __tablename__ = "imports"

    kind: Mapped[ImportKind]
    file_name: Mapped[str] = mapped_column(EncryptedText)
    digest: Mapped[str] = mapped_column(String(64))
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    failed: Mapped[int]
    imported_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class ImportedRecord(Base):
    """One record an import added, or changed from what is kept here."""

    __tablename__ = "imported_records"
    __table_args__ = (Index(None, "import_id"), Index(None, "record_table", "record_id"))

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    record_table: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)  # None: it was added


class ColumnMatch(Base):
    """Which heading of a spreadsheet means which field: remembered from the last time."""

    __tablename__ = "column_matches"
    __table_args__ = (UniqueConstraint("kind", "heading"),)

    kind: Mapped[ImportKind]
    # Hashed: in a file without headings, the first row is somebody's.
    heading: Mapped[str] = mapped_column(String(2 * BLIND_INDEX_BYTES))
    field: Mapped[str | None] = mapped_column(String(40))  # None: leave this column out
