"""The volunteers one person answers for today, coordinator or lead, and what each is owed."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Stage, Volunteer, VolunteerSupport
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_support
from services.volunteers.support.recording import find_supervised
from services.volunteers.support.supervisors import DueView, due_to

MOST = 100
_LEFT = (Stage.MOVED_ON,)
_COLUMNS = ["ref", "name", "kind", "due_on", "state"]


@dataclass(frozen=True, slots=True)
class Supervised:
    """One of them, by name, and what is due to her, the one with most harm first."""

    ref: str
    name: str
    due: tuple[DueView, ...]


@while_unchanged
def listed(db: Session, actor: Actor) -> pd.DataFrame:
    """Those she answers for today, by name: ref, name, and of what is due the one with most harm:
    kind, due_on, state (None where nothing is)."""
    actor.require(Permission.SUPERVISE)
    query = (
        select(
            Volunteer.id, Volunteer.ref, Volunteer.first_name, Volunteer.last_name,
            Volunteer.stage, Volunteer.stage_since,
        )
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(visible_support(actor), Volunteer.stage.not_in(_LEFT))
        .order_by(Volunteer.id)
        .limit(MOST)
    )  # fmt: skip
    found = db.execute(query).all()
    owed = due_to(db, found)
    rows: list[tuple[Any, ...]] = []
    for one in found:
        first = next(iter(owed.get(one.id, ())), None)
        worst = (first.kind.value, first.due_on, first.state.value) if first else (None,) * 3
        rows.append((one.ref, f"{one.first_name} {one.last_name}", *worst))
    rows.sort(key=lambda row: str(row[1]).casefold())
    return pd.DataFrame(rows, columns=_COLUMNS)


def view(db: Session, actor: Actor, ref: str) -> Supervised:
    """One of them; to whoever does not answer for her she is not there."""
    actor.require(Permission.SUPERVISE)
    one = find_supervised(db, actor, ref)
    name = f"{one.first_name} {one.last_name}"
    return Supervised(ref, name, due_to(db, [one]).get(one.id, ()))
