"""What volunteers are given back, in numbers: their expenses, and thanks."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Expense, ExpenseState, Milestone
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.standards.found import Found

_IN_TIME = timedelta(days=14)  # some cannot wait for longer
_LATELY = relativedelta(months=12)


def given_back(db: Session, actor: Actor) -> dict[str, Found]:
    """By what is counted, as one part of the evidence."""
    actor.require(Permission.READ_WORKFORCE)
    return {"paid": _paid(db), "thanked": _thanked(db)}


def _paid(db: Session) -> Found:
    """Whatever waits for its money and is still in time is not counted yet."""
    query = select(Expense.asked_at, Expense.paid_at).where(
        Expense.asked_at >= clock.start_of_day(clock.today() - _LATELY),
        Expense.state != ExpenseState.RETURNED,
    )
    asked = db.execute(query).all()
    paid = [row.paid_at for row in asked if row.paid_at is not None]
    in_time = sum(
        row.paid_at is not None and row.paid_at <= row.asked_at + _IN_TIME for row in asked
    )
    late = sum((row.paid_at or clock.now()) > row.asked_at + _IN_TIME for row in asked)
    return Found(in_time, in_time + late, clock.local(max(paid)).date() if paid else None)


def _thanked(db: Session) -> Found:
    query = select(
        func.count(Milestone.thanked_on),
        func.count(),
        func.max(Milestone.thanked_on, type_=Milestone.thanked_on.type),
    ).where(Milestone.reached_on >= clock.today() - _LATELY)
    thanked, reached, newest = db.execute(query).one()
    return Found(thanked, reached, newest)
