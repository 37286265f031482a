"""Volunteers who came, stayed and left, for tests of the workforce in totals."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import Stage, StageChange, Volunteer, new_ref
from services import clock
from services.permissions import Actor

TODAY = date(2026, 9, 16)
Way = Sequence[tuple[Stage, int]]  # each stage, and how many days ago it was entered


def came(db: Session, actor: Actor, way: Way, *, because: str | None = None) -> Volunteer:
    """A volunteer who entered these stages on these days."""
    stage, ago = way[-1]
    one = Volunteer(
        ref=new_ref(),
        first_name="Maya",
        last_name="Rowe",
        stage=stage,
        stage_since=TODAY - timedelta(days=ago),
        created_at=clock.now(),
    )
    db.add(one)
    db.flush()
    befores: list[Stage | None] = [None, *(before for before, _ago in way)]
    for before, (after, days) in zip(befores, way, strict=False):
        db.add(
            StageChange(
                volunteer_id=one.id,
                from_stage=before,
                to_stage=after,
                changed_on=TODAY - timedelta(days=days),
                account_id=actor.account_id,
                because=because if after is Stage.MOVED_ON else None,
            )
        )
        db.flush()
    return one


def stayed(db: Session, actor: Actor, began: int, left: int | None = None) -> Volunteer:
    """An active volunteer, of so many days ago, who moved on or not."""
    away = [] if left is None else [(Stage.MOVED_ON, left)]
    return came(db, actor, [(Stage.ACTIVE, began), *away])
