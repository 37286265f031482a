"""The forms people answer: every version, which programme uses which, and corrected lines."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Occasion(enum.StrEnum):
    """When a programme asks its participants; a session is at most one of the last two."""

    AFTER_SESSION = "after_session"
    MIDDLE = "middle"
    END = "end"


class FormVersion(Base):
    """One version of one form. Its definition is never changed: a change is a new version."""

    __tablename__ = "form_versions"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str]
    # JSON, as services.forms.definition.FormDefinition reads it, without key and version.
    definition: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class FormChoice(Base):
    """The form a programme asks with on one occasion, where it is not the one that ships."""

    __tablename__ = "form_choices"
    __table_args__ = (UniqueConstraint("programme", "occasion"),)

    programme: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[Occasion]
    form: Mapped[str] = mapped_column(String(40))


class PublicLine(Base):
    """A line of the public pages in one language, as the charity has corrected it."""

    __tablename__ = "public_lines"
    __table_args__ = (UniqueConstraint("language", "key"),)

    language: Mapped[str] = mapped_column(String(5))
    key: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
