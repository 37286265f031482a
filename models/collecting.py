"""Who collects a child, who must not, and who did."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText


class Collector(Referable, Versioned, Base):
    """Somebody who may collect a child, or somebody who must not."""

    __tablename__ = "collectors"
    __table_args__ = (
        CheckConstraint("may_collect OR agreed_word IS NULL", name="word_for_those_who_may"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    relation: Mapped[str | None] = mapped_column(EncryptedText)  # to the child, in words
    may_collect: Mapped[bool]
    agreed_word: Mapped[str | None] = mapped_column(EncryptedText)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    # Off the list since; who collected the child before then stays known.
    ended_at: Mapped[datetime | None]


class Collected(Base):
    """Who collected a child from one session."""

    __tablename__ = "collected"
    __table_args__ = (UniqueConstraint("session_id", "place_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"), index=True)
    collector_id: Mapped[int] = mapped_column(
        ForeignKey("collectors.id", ondelete="RESTRICT"), index=True
    )
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
