"""Addresses from which a colleague's own calendar reads her sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CalendarFeed(Base):
    """One person's address, known by its keyed hash alone; she has one or none."""

    __tablename__ = "calendar_feeds"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(String(24), unique=True)
    # Otherwise every entry is called "Session".
    shows_code_names: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
