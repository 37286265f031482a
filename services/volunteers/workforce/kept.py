"""Training in date and support in time, of the volunteers who are with groups now."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models import Stage, Training, Volunteer
from services import clock
from services.permissions import Actor, Permission
from services.tallies.shares import Share, share
from services.volunteers.support import rhythm as rules
from services.volunteers.support.facts import Helper, facts_of
from services.volunteers.support.rhythm import Kind, State
from services.volunteers.support.settings import rhythm_of
from services.volunteers.training.standing import needed
from services.volunteers.workforce.small import counted_stages, may_see

KINDS = {
    Kind.SUPERVISOR: "Has a supervisor",
    Kind.SUPERVISION: "Supervision in time",
    Kind.REFLECTIVE_GROUP: "Reflective group in time",
    Kind.REVIEW: "Review in time",
    Kind.CHECK_IN: "Asked how she is in time",
}
# Also while she shadows; the others are owed to those who are active.
_OWED_TO_ALL = (Kind.SUPERVISOR, Kind.CHECK_IN)
COLUMNS = ["what", "order", "count", "of", "share", "low", "high", "late", "label"]


def training_in_date(db: Session, actor: Actor) -> pd.DataFrame:
    """Of those with groups, how many have each course in date that some role needs.

    Columns: what, order, count, of, share, low, high (0 to 1), late, label (NA and "*" where that
    is hidden); empty where nobody is with a group.
    """
    actor.require(Permission.READ_WORKFORCE)
    here = select(Volunteer.id).where(Volunteer.stage.in_(counted_stages(actor)))
    people = db.scalar(select(func.count()).select_from(here.subquery())) or 0
    query = (
        select(Training.course_id, func.count())
        .where(in_date(), Training.volunteer_id.in_(here))
        .group_by(Training.course_id)
    )
    found: dict[int, int] = dict(db.execute(query).all())
    shares = {course.name: share(found.get(course.id, 0), people) for course in needed(db)}
    return _frame(actor, {name: (one, 0) for name, one in shares.items()} if people else {})


def support_in_time(db: Session, actor: Actor) -> pd.DataFrame:
    """Of those owed each kind of support, to how many it is not due now.

    The same columns; `late` is how many have been owed it for so long that it stops anything new.
    """
    actor.require(Permission.READ_WORKFORCE)
    query = select(Volunteer.id, Volunteer.stage, Volunteer.stage_since).where(
        Volunteer.stage.in_(counted_stages(actor))
    )
    rows = db.execute(query).all()
    due: Counter[Kind] = Counter()
    late: Counter[Kind] = Counter()
    for _volunteer, kind, stands in due_now(db, rows):
        due[kind] += 1
        late[kind] += stands is State.RED
    active = sum(row.stage is Stage.ACTIVE for row in rows)
    of = {kind: len(rows) if kind in _OWED_TO_ALL else active for kind in KINDS}
    return _frame(
        actor,
        {
            name: (share(of[kind] - due[kind], of[kind]), late[kind])
            for kind, name in KINDS.items()
            if of[kind]
        },
    )


def in_date() -> ColumnElement[bool]:
    """The newest training in a course, where it has not run out."""
    counts = or_(Training.expires_on.is_(None), Training.expires_on >= clock.today())
    return and_(Training.is_latest, counts)


def due_now(db: Session, rows: Collection[Helper]) -> Iterator[tuple[int, Kind, State]]:
    """Which support is due now to which of these volunteers. A step of services that have asked."""
    rhythm, today = rhythm_of(db), clock.today()
    for volunteer, facts in facts_of(db, rows).items():
        for one in rules.owed(rhythm, facts):
            stands = rules.state(one, rhythm, today)
            if stands is not State.AHEAD:
                yield volunteer, one.kind, stands


def _frame(actor: Actor, shares: dict[str, tuple[Share, int]]) -> pd.DataFrame:
    """A line for each; where this reader may not see one, only that it is hidden."""
    rows = [
        row_of(what, order, one, late)
        if may_see(actor, one.count, one.of - one.count - late, late)
        else (what, order, None, None, None, None, None, None, "*")
        for order, (what, (one, late)) in enumerate(shares.items())
    ]
    kinds = dict.fromkeys(("count", "of", "late"), "Int64")
    kinds |= dict.fromkeys(("share", "low", "high"), "Float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)


def row_of(what: str, order: int, one: Share, late: int = 0) -> tuple[Any, ...]:
    """The row of `COLUMNS` for one thing."""
    return what, order, one.count, one.of, one.share, one.low, one.high, late, one.words
