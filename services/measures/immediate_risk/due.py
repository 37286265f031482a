"""Same-day actions that nobody has finished: for the facilitator, and for whoever decides."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session

from models import Account, Group, Person, Place, RiskAction
from services import clock
from services.measures.measure_library import measure
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.short_lists import once
from services.unchanged import while_unchanged
from services.visibility import visible_groups, visible_places

MOST = 50
_SHOWN = (
    Place.ref.label("place"),
    Group.ref.label("group_ref"),
    Group.code_name,
    RiskAction.measure,
    RiskAction.respondent,
    RiskAction.point,
    RiskAction.opened_at,
    Account.display_name,
)
_COLUMNS = [
    "place", "group_ref", "group", "name", "form", "measure", "respondent", "point", "opened",
    "by", "overdue",
]  # fmt: skip


@while_unchanged
def waiting(db: Session, actor: Actor) -> pd.DataFrame:
    """The actions that wait, oldest first: whose, in which group, on which form and since when.

    Overdue is one opened before today. Whoever decides on concerns sees all of them without
    a name, a facilitator those of her groups. What was answered is never among it.
    """
    actor.require(Permission.SEE_TODAY)
    named = actor.may(Permission.RECORD_MEASURES)
    begins = clock.start_of_day(clock.today())
    rows = [
        (
            row.place,
            row.group_ref,
            row.code_name,
            full_name(row) if named else "",
            measure(row.measure).short_title,
            row.measure,
            row.respondent.value,
            row.point.value,
            clock.wall(row.opened_at),
            row.display_name,
            row.opened_at < begins,
        )
        for row in db.execute(_waiting(actor))
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


@once
def _waiting(actor: Actor) -> Select[*tuple[Any, ...]]:
    named = NAMED if actor.may(Permission.RECORD_MEASURES) else ()
    return (
        select(*_SHOWN, *named)
        .join(Place, Place.id == RiskAction.place_id)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .join(Account, Account.id == RiskAction.opened_by_id)
        .where(RiskAction.done_at.is_(None), _hers(actor))
        .order_by(RiskAction.opened_at, RiskAction.id)
        .limit(MOST)
    )


def _hers(actor: Actor) -> ColumnElement[bool]:
    if actor.may(Permission.RECORD_MEASURES):
        return visible_places(actor)
    return visible_groups(actor) if actor.may(Permission.DECIDE_CONCERNS) else false()
