"""The rules of the pipeline that an administrator sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import PipelineRules, Stage
from services import audit
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission

MOST_DAYS = 365
MOST_MONTHS = 60
# How many days each stage is expected to take: beyond it, the next step is overdue. Where she is
# active, has stepped back or has moved on, nobody counts.
STAGE_DAYS: Mapping[Stage, int] = MappingProxyType(
    {
        Stage.INTEREST: 7,
        Stage.CONVERSATION: 21,
        Stage.APPLICATION: 14,
        Stage.INTERVIEW: 14,
        Stage.CHECKS: 42,
        Stage.TRAINING: 60,
        Stage.SHADOWING: 42,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds now; `version` is the one she saw, 0 before anybody has changed anything."""

    stage_days: Mapping[Stage, int] = field(default_factory=lambda: STAGE_DAYS)
    own_group_months: int = 6
    applications_open: bool = False
    version: int = 0

    def checked(self) -> "Rules":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems = {
            stage.value: f"Choose between 1 and {MOST_DAYS} days."
            for stage in STAGE_DAYS
            if not 1 <= self.stage_days.get(stage, 0) <= MOST_DAYS
        }
        if not 0 <= self.own_group_months <= MOST_MONTHS:
            problems["own_group_months"] = f"Choose between 0 and {MOST_MONTHS} months."
        if problems:
            raise InvalidInputError(problems)
        return self


def current(db: Session) -> Rules:
    """The rules as they stand. No permission: lists, the placing and the public form need them."""
    row = db.scalar(select(PipelineRules))
    if row is None:
        return Rules()
    days = {stage: row.stage_days.get(stage.value, days) for stage, days in STAGE_DAYS.items()}
    return Rules(
        stage_days=days,
        own_group_months=row.own_group_months,
        applications_open=row.applications_open,
        version=row.version,
    )


def to_edit(db: Session, actor: Actor) -> Rules:
    """The rules for whoever may change them."""
    actor.require(Permission.MANAGE_SETTINGS)
    return current(db)


def save(db: Session, actor: Actor, rules: Rules) -> None:
    """Change the rules. Raises ConflictError when somebody else has saved since."""
    actor.require(Permission.MANAGE_SETTINGS)
    rules.checked()
    row = db.scalar(select(PipelineRules).with_for_update())
    if (row.version if row else 0) != rules.version:
        raise ConflictError(
            "Somebody else changed these rules while you had them open. Look at theirs, then make "
            "your change again."
        )
    if row is None:
        row = PipelineRules(id=1)
        db.add(row)
    row.stage_days = {stage.value: rules.stage_days[stage] for stage in STAGE_DAYS}
    row.own_group_months = rules.own_group_months
    row.applications_open = rules.applications_open
    audit.record(db, actor, "pipeline.rules_changed", "pipeline:1")
