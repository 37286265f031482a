"""Measures taken at a point in somebody's time with a group."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Versioned
from models.encryption import EncryptedJSON
from models.groups import Place


class Respondent(enum.Enum):
    """Whose view an answer is; views are shown side by side and never averaged together."""

    SELF = "self"
    PARENT = "parent"
    PRACTITIONER = "practitioner"


class Point(enum.Enum):
    """When a measure is taken."""

    START = "start"
    MIDDLE = "middle"
    END = "end"
    FOLLOW_UP = "follow_up"


class Outcome(enum.Enum):
    """What came of asking: a form not filled in is an answer too, never a blank."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_TODAY = "not_today"
    NO_TIME = "no_time"
    NOT_OFFERED = "not_offered"


class MeasureForm(Versioned, Base):
    """One measure, one respondent, one point, for one place."""

    __tablename__ = "measure_forms"
    __table_args__ = (
        UniqueConstraint("place_id", "measure", "respondent", "point"),
        CheckConstraint("outcome = 'answered' OR total IS NULL", name="total_when_answered"),
        Index(None, "taken_on"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    measure: Mapped[str] = mapped_column(String(40))
    measure_version: Mapped[int]
    respondent: Mapped[Respondent]
    point: Mapped[Point]
    outcome: Mapped[Outcome]
    taken_on: Mapped[date]
    answers: Mapped[dict[str, float | None] | None] = mapped_column(EncryptedJSON)
    total: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(60))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]

    place: Mapped[Place] = relationship(lazy="raise")
