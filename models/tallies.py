"""Counts kept as data is saved, so that a chart costs the same at any size."""

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Tally(Base):
    """How many, of one kind, for one programme and quarter: the kinds of `services.tallies`."""

    __tablename__ = "tallies"
    __table_args__ = (
        UniqueConstraint("kind", "programme", "period", "key", "first", "second"),
        # A chart over all programmes and quarters is summed from this alone.
        Index(None, "kind", "key", "first", "second", "count"),
        # One over the last quarters alone, from this.
        Index(None, "kind", "period", "first", "key", "count"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    programme: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(7))  # 2026-Q3, by the group's start
    key: Mapped[str] = mapped_column(String(60))
    # Numbers whose meaning depends on the kind, such as a score before and one after, times 100.
    first: Mapped[int]
    second: Mapped[int]
    count: Mapped[int] = mapped_column(BigInteger)  # sums of squares as well
