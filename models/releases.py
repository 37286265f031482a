"""The ledger of figures that left the house, and the agreements under which research gets rows."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable
from models.encryption import EncryptedJSON, EncryptedText


class ReleaseKind(enum.Enum):
    """As what figures left."""

    REPORT = "report"
    CHART = "chart"
    RESEARCH = "research"


class Release(Referable, Base):
    """What left once: which tables of which days, what was hidden in them, by and for whom.

    `tables` is what later releases are checked against; `document` the report as it was made,
    for printing the same again.
    """

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="ends_after_start"),
        CheckConstraint("threshold >= 1", name="threshold_from_one"),
        Index(None, "last_day", "first_day"),
    )

    kind: Mapped[ReleaseKind]
    title: Mapped[str] = mapped_column(String(120))
    programme: Mapped[str | None] = mapped_column(String(40))
    first_day: Mapped[date]
    last_day: Mapped[date]
    threshold: Mapped[int]
    is_rounded: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[int]
    hidden: Mapped[int]
    audience: Mapped[str] = mapped_column(EncryptedText)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    tables: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJSON)
    document: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)


class DataAgreement(Referable, Base):
    """Under which a research project may have pseudonymised rows, and from when until when."""

    __tablename__ = "data_agreements"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    project: Mapped[str] = mapped_column(String(40), unique=True)
    partner: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # Pseudonyms are keyed with it: those of two projects cannot be put side by side.
    secret: Mapped[str] = mapped_column(EncryptedText)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
