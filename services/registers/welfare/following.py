"""What becomes of the calls somebody is owed when her risk is reviewed or she was contacted.

Steps of other services, which have asked whether they may.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models import CallState, ContactOutcome, GroupSession, Place, WelfareCall
from services import clock
from services.permissions import Actor
from services.registers.welfare.carers import children_of

REACHED = frozenset({ContactOutcome.SPOKE, ContactOutcome.THEY_CAME_TO_US})


def hasten(db: Session, person_id: int) -> None:
    """At high risk, whatever call she is owed is due today at the latest."""
    for call, _started in _owed(db, person_id):
        call.is_urgent = True
        call.due_on = min(call.due_on, clock.today())


def follow(
    db: Session, person_id: int, outcome: ContactOutcome, at: datetime, *, by: Actor
) -> None:
    """An attempt to reach her counts for every call she is owed from before it; having reached
    her closes them, whoever noted it and wherever. So it is with those about her children."""
    for call, started in _owed(db, person_id, *children_of(db, person_id)):
        if at < started:
            continue
        call.tries += 1
        if outcome in REACHED:
            call.state = CallState.REACHED
            call.closed_at, call.closed_by_id = clock.now(), by.account_id


def _owed(db: Session, *person_ids: int) -> Sequence[Row[WelfareCall, datetime]]:
    """Their open calls, each with when the session missed began; held against other writers."""
    query = (
        select(WelfareCall, GroupSession.starts_at)
        .join(Place, Place.id == WelfareCall.place_id)
        .join(GroupSession, GroupSession.id == WelfareCall.session_id)
        .where(Place.person_id.in_(person_ids), WelfareCall.closed_at.is_(None))
        .with_for_update(of=WelfareCall)
    )
    return db.execute(query).all()
