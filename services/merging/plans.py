"""The safe-contact plan of two records joined: nothing is safe until she has confirmed it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ContactPlan

_CHANGED = ("confirmed_on", "confirmed_by_id", "suspended_at", "suspended_reason")


def settle_plan(db: Session, kept: int, gone: int) -> dict[str, Any] | None:
    """Leave the kept plan unconfirmed, and suspended if either was; what it said before.

    Domain §5.2: a route is not safe because it was safe with another plan around it.
    """
    plan = _plan_of(db, kept)
    if plan is None:
        return None
    before = {name: _as_json(getattr(plan, name)) for name in _CHANGED}
    plan.confirmed_on = plan.confirmed_by_id = None
    other = _plan_of(db, gone)
    if other is not None and other.suspended_at and not plan.suspended_at:
        plan.suspended_at, plan.suspended_reason = other.suspended_at, other.suspended_reason
    db.flush()
    return {"id": plan.id, "version": plan.version, **before}


def put_back_plan(db: Session, before: dict[str, Any] | None) -> None:
    """What the plan said before, unless it has been talked over with her since."""
    plan = db.get(ContactPlan, before["id"]) if before else None
    if before is None or plan is None or plan.version != before["version"]:
        return
    plan.confirmed_on = before["confirmed_on"] and date.fromisoformat(before["confirmed_on"])
    plan.confirmed_by_id = before["confirmed_by_id"]
    plan.suspended_at = before["suspended_at"] and datetime.fromisoformat(before["suspended_at"])
    plan.suspended_reason = before["suspended_reason"]
    db.flush()


def _plan_of(db: Session, person: int) -> ContactPlan | None:
    query = select(ContactPlan).where(ContactPlan.person_id == person)
    return db.scalar(query.execution_options(populate_existing=True))


def _as_json(value: date | datetime | str | int | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value
