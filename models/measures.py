"""Measures taken at a point in somebody's time with a group."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedJSON, EncryptedText
from models.groups import Place

_OPEN_SQL = text("done_at IS NULL")


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
    # The first year of her band of ages that day, as it was known: compared with nobody else's day.
    age_from: Mapped[int | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    # Of a child's Steps alone, kept so that the counts need nobody's birthday: the age band at the
    # start, and whether a parent or carer takes part beside the child.
    age_band: Mapped[str | None] = mapped_column(String(10))
    with_parent: Mapped[bool | None]

    place: Mapped[Place] = relationship(lazy="raise")


class MeasureVersion(Base):
    """A form as it stood before it was corrected: what was once recorded stays readable."""

    __tablename__ = "measure_versions"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    form_id: Mapped[int] = mapped_column(ForeignKey("measure_forms.id", ondelete="CASCADE"))
    number: Mapped[int]
    outcome: Mapped[Outcome]
    taken_on: Mapped[date]
    answers: Mapped[dict[str, float | None] | None] = mapped_column(EncryptedJSON)
    total: Mapped[float | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]


class RiskAction(Referable, Base):
    """What has to be done the same day because of an answer about immediate risk (domain §2.3).

    It is opened before the form is kept, so that it waits on Today even if the form is never
    finished; the form is kept together with what was done. The answer itself stands in the form
    alone, and in the concern.
    """

    __tablename__ = "risk_actions"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        # One at a time for each form; and what waits is found without reading all that is over.
        Index(
            "uq_risk_actions_open",
            "place_id",
            "measure",
            "respondent",
            "point",
            unique=True,
            sqlite_where=_OPEN_SQL,
            postgresql_where=_OPEN_SQL,
        ),
        Index(
            "ix_risk_actions_open",
            "opened_at",
            "id",
            sqlite_where=_OPEN_SQL,
            postgresql_where=_OPEN_SQL,
        ),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    measure: Mapped[str] = mapped_column(String(40))
    respondent: Mapped[Respondent]
    point: Mapped[Point]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    safe_now: Mapped[str | None] = mapped_column(EncryptedText)  # a SafeNow
    told: Mapped[str | None] = mapped_column(EncryptedText)
    what_was_done: Mapped[str | None] = mapped_column(EncryptedText)
    mistake: Mapped[str | None] = mapped_column(EncryptedText)  # why there was nothing to do
    concern_id: Mapped[int | None] = mapped_column(ForeignKey("concerns.id", ondelete="RESTRICT"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class MeasureHandover(Base):
    """A form handed over on a tablet, and its answers until somebody has looked and saved it."""

    __tablename__ = "measure_handovers"
    __table_args__ = (UniqueConstraint("place_id", "measure", "respondent", "point"),)

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"))
    measure: Mapped[str] = mapped_column(String(40))
    respondent: Mapped[Respondent]
    point: Mapped[Point]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    handed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answers: Mapped[dict[str, float | None] | None] = mapped_column(EncryptedJSON)


class Goal(Versioned, Base):
    """What somebody wants to reach, in her own words: one of up to three of her place.

    How near she is stands in the forms of the measure of goals, under the same number.
    """

    __tablename__ = "goals"
    __table_args__ = (
        UniqueConstraint("place_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number_range"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="RESTRICT"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(EncryptedText)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime]
