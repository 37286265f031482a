"""What is kept of a session beside its register: checklist, what was covered, looking back."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Versioned
from models.encryption import EncryptedJSON, EncryptedText

_SHORT = text("light > 0")


class Covering(enum.Enum):
    """How what was covered compares with the plan."""

    PLANNED = "planned"
    ANOTHER = "another"
    NOTHING = "nothing"
    SOMETHING_ELSE = "something_else"


class SessionTick(Base):
    """One step of a session's checklist, done."""

    __tablename__ = "session_ticks"
    __table_args__ = (UniqueConstraint("session_id", "step"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    step: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class CoveredTopic(Versioned, Base):
    """What a session covered: its own topic, another of the programme's, something else, none."""

    __tablename__ = "covered_topics"
    __table_args__ = (
        UniqueConstraint("session_id"),
        CheckConstraint("(covering = 'another') = (topic IS NOT NULL)", name="another_is_named"),
        CheckConstraint(
            "(covering = 'something_else') = (note IS NOT NULL)", name="something_else_is_said"
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    covering: Mapped[Covering]
    topic: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)  # what it was, of no programme
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class Debrief(Versioned, Base):
    """The talk of those who ran a session, straight after it."""

    __tablename__ = "debriefs"
    __table_args__ = (
        UniqueConstraint("session_id"),
        CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes_range"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    minutes: Mapped[int]
    note: Mapped[str | None] = mapped_column(EncryptedText)


class VolunteerPresence(Base):
    """A volunteer who was there: placed with the group, or in the rota for that session."""

    __tablename__ = "volunteer_presences"
    __table_args__ = (PrimaryKeyConstraint("debrief_id", "volunteer_id"),)

    id = None  # type: ignore[assignment]
    debrief_id: Mapped[int] = mapped_column(ForeignKey("debriefs.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="RESTRICT"), index=True
    )
    # She heard something hard. That it was so, never what: her supervisor asks how she is.
    heard_hard: Mapped[bool] = mapped_column(default=False)


class SessionReflection(Versioned, Base):
    """How one of those who ran a session looks back on it, for herself alone."""

    __tablename__ = "session_reflections"
    __table_args__ = (UniqueConstraint("session_id", "account_id"), Index(None, "account_id"))

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    form_version: Mapped[int]
    answers: Mapped[dict[str, str | int | list[int] | None]] = mapped_column(EncryptedJSON)


class SessionCover(Base):
    """How a session's cover stood when its register was first finished: nobody's name, and never
    changed afterwards."""

    __tablename__ = "session_covers"
    __table_args__ = (
        UniqueConstraint("session_id"),
        CheckConstraint("light BETWEEN 0 AND 2", name="known_light"),
        # Those where something was missing, the newest first: a short list.
        Index("ix_session_covers_short", "day", "id", sqlite_where=_SHORT, postgresql_where=_SHORT),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    day: Mapped[date]  # of the session
    judged_at: Mapped[datetime]
    light: Mapped[int]  # green, amber, red
    adults: Mapped[int]
    needed: Mapped[int]
    rules: Mapped[list[str]] = mapped_column(JSON)  # what stood against it, the gravest first
