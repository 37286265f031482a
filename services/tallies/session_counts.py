"""How many sessions were held and how many the service cancelled, by month: kept as it happens."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionState
from services import clock
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

_COUNTED = (SessionState.HELD, SessionState.CANCELLED)


def note_held(db: Session, held: GroupSession, group: Group) -> None:
    """Say of a session that it took place. A step of services that have asked."""
    if held.state in _COUNTED:
        return
    held.state = SessionState.HELD
    month = tallies.month(held.local_start)
    cell = Cell(
        Kind.SESSION, group.programme, clock.quarter(group.starts_on), held.state.value, month
    )
    tallies.add(db, Counter({cell: 1}))


def recount(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    """The same from the sessions themselves, of these groups or of all."""
    year, month = (extract(part, GroupSession.local_start) for part in ("year", "month"))
    columns = (Group.programme, Group.starts_on, GroupSession.state, year, month)
    query = (
        select(*columns, func.count())
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state.in_(_COUNTED))
        .group_by(*columns)
    )
    if groups is not None:
        query = query.where(GroupSession.group_id.in_(groups))
    counted: Counter[Cell] = Counter()
    for programme, starts, state, in_year, in_month, count in db.execute(query):
        number = 12 * int(in_year) + int(in_month) - 1
        counted[Cell(Kind.SESSION, programme, clock.quarter(starts), state.value, number)] += count
    return counted
