"""What was seen of a child in a session, and what happened in its life meanwhile."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable
from models.encryption import EncryptedText


class Observation(Base):
    """One strand of the Steps as one facilitator saw it of one child in one session.

    Each writes her own, so none is overwritten. `step` is None for "not seen"; `version` counts
    the changes of the words, which are saved as they are typed.
    """

    __tablename__ = "observations"
    __table_args__ = (
        UniqueConstraint("place_id", "session_id", "account_id", "strand"),
        CheckConstraint("step BETWEEN 0 AND 4", name="step_range"),
        Index(None, "session_id"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    strand: Mapped[str] = mapped_column(String(40))
    step: Mapped[int | None]
    words: Mapped[str] = mapped_column(EncryptedText, default="")
    prompts_version: Mapped[int]  # of the file whose prompt she had before her
    version: Mapped[int] = mapped_column(default=0)
    noted_at: Mapped[datetime]


class LifeEvent(Referable, Base):
    """Something in a child's life that a chart of its steps has to be read beside."""

    __tablename__ = "life_events"
    __table_args__ = (Index(None, "person_id", "happened_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    happened_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(40))  # a key of the list of events
    words: Mapped[str | None] = mapped_column(EncryptedText)
    noted_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
