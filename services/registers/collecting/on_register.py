"""What a register says about collecting each child, for those who take it and nobody else."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Collector
from services.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Collecting:
    """Who may collect one child and who must not, each in words."""

    may: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


def of_children(db: Session, actor: Actor, person_ids: Collection[int]) -> dict[int, Collecting]:
    """For each of these children; one statement, and none where there is no child."""
    actor.require(Permission.READ_ALERTS)
    if not person_ids:
        return {}
    query = (
        select(Collector.person_id, Collector.name, Collector.relation, Collector.may_collect)
        .where(Collector.person_id.in_(person_ids), Collector.ended_at.is_(None))
        .order_by(Collector.id)
    )
    rows = db.execute(query).all()
    return {
        person: Collecting(
            may=tuple(in_words(*row[1:3]) for row in rows if row[0] == person and row[3]),
            must_not=tuple(in_words(*row[1:3]) for row in rows if row[0] == person and not row[3]),
        )
        for person in person_ids
    }


def in_words(name: str, relation: str | None) -> str:
    """Ann Bell (grandmother)."""
    return f"{name} ({relation})" if relation else name
