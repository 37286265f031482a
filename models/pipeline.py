"""The rules of the way into volunteering that a charity sets for itself: one row."""

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Versioned


class PipelineRules(Versioned, Base):
    """How long a stage is expected to take, and what counts as ready. No row: the defaults."""

    __tablename__ = "pipeline_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="single_row"),
        CheckConstraint("own_group_months BETWEEN 0 AND 60", name="own_group_months_range"),
    )

    stage_days: Mapped[dict[str, int]] = mapped_column(JSON)
    own_group_months: Mapped[int]  # from the end of her own group until she helps in one
    applications_open: Mapped[bool]  # the public form, at /volunteer
