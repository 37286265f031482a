"""The pipeline as a board: each stage of the way in with those who have been there longest.

Who has stepped back or moved on is not on it. A board is looked at together; stepping back is
between her and her coordinator.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from models import Stage, Volunteer
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.pipeline.rules import current
from services.volunteers.volunteers import WAITING_STAGES, overdue, owner_names, waiting

ON_BOARD = (*WAITING_STAGES, Stage.ACTIVE)
MOST_CARDS = 12  # a stage; the list has the rest


@dataclass(frozen=True, slots=True)
class Card:
    """One volunteer on the board."""

    ref: str
    name: str
    next_step: str | None
    owner: str | None
    days: int | None  # only while she waits for us
    overdue: int
    version: int


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: how many are in it, and the cards of those longest there."""

    stage: Stage
    count: int
    cards: tuple[Card, ...]


def board(db: Session, actor: Actor) -> tuple[Column, ...]:
    """Every stage on the board in order. It costs four statements, whatever there is in them."""
    actor.require(Permission.READ_VOLUNTEERS)
    seen = visible_volunteers(actor)
    counted = select(Volunteer.stage, func.count()).where(seen).group_by(Volunteer.stage)
    counts = dict(db.execute(counted).all())
    shown = union_all(*(select(_longest(stage).where(seen).subquery()) for stage in ON_BOARD))
    query = select(Volunteer).where(Volunteer.id.in_(shown))
    rows = db.scalars(query.order_by(Volunteer.stage_since, Volunteer.id)).all()
    owners = owner_names(db, {one.owner_id for one in rows})
    days = current(db).stage_days
    cards: dict[Stage, list[Card]] = {stage: [] for stage in ON_BOARD}
    for one in rows:
        cards[one.stage].append(
            Card(
                ref=one.ref,
                name=f"{one.first_name} {one.last_name}",
                next_step=one.next_step,
                owner=owners.get(one.owner_id),
                days=waiting(one.stage, one.stage_since),
                overdue=overdue(one.stage, one.stage_since, one.next_step_by, days),
                version=one.version,
            )
        )
    return tuple(Column(stage, counts.get(stage, 0), tuple(cards[stage])) for stage in ON_BOARD)


def _longest(stage: Stage) -> Select[Any]:
    query = select(Volunteer.id).where(Volunteer.stage == stage)
    return query.order_by(Volunteer.stage_since, Volunteer.id).limit(MOST_CARDS)
