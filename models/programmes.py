"""The organisation's programmes, each in every version a group may be a run of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ProgrammeVersion(Base):
    """One version of one programme. Its definition is never changed: a change is a new version."""

    __tablename__ = "programme_versions"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    # JSON without key and version, as services.programmes.programme_library reads it.
    definition: Mapped[str] = mapped_column(Text)
    # Of the newest version: whether new groups may be made from it.
    is_offered: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
