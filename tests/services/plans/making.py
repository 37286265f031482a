"""The steps that tests of plans share."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Person, RecordLock
from services import clock
from services.errors import InvalidInputError
from services.permissions import Actor
from services.plans import interventions, plan_view, plans
from services.plans.plans import PlanDraft

TODAY = date(2026, 9, 16)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
REVIEW = date(2026, 12, 16)


def offered(db: Session, name: str = "Step Down and Recovery") -> str:
    return next(ref for ref, known in interventions.choices(db).items() if known == name)


def draft(db: Session, worker: Actor, *members: Person, **more: object) -> PlanDraft:
    values: dict[str, object] = {
        "intervention_ref": offered(db),
        "worker_ref": worker.ref,
        "member_refs": [member.ref for member in members],
        "starts_on": TODAY,
        "review_on": REVIEW,
    }
    return PlanDraft(**(values | more))  # type: ignore[arg-type]


def rows(db: Session, actor: Actor, person: Person) -> list[dict[str, object]]:
    return plan_view.of_family(db, actor, person.ref).to_dict("records")


def faults(db: Session, actor: Actor, person: Person, filled: PlanDraft) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        plans.make(db, actor, person.ref, filled)
    return list(refused.value.problems)


def lock_out(db: Session, actor: Actor, person: Person) -> None:
    lock = RecordLock(
        person_id=person.id,
        account_id=actor.account_id,
        reason="They are cousins.",
        locked_by_id=actor.account_id,
        locked_at=clock.now(),
    )
    db.add(lock)
    db.flush()
