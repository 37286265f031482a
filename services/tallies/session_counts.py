"""Which sessions count and how many there are by month: held, or cancelled by the service.

That a mark counts only once its session is held is said here, for a record and for a query.
"""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionState
from services import clock
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

CAME_TO_SOMETHING = (SessionState.HELD, SessionState.CANCELLED)
# What people tell ahead of a session still to come says nothing of attendance yet, and counts
# nowhere if the session is then moved or cancelled.
IS_HELD = GroupSession.state == SessionState.HELD


def is_held(held: GroupSession) -> bool:
    """`IS_HELD` of a record."""
    return held.state is SessionState.HELD


def held_cell(held: GroupSession, group: Group) -> Cell:
    """Where a session counts that took place."""
    month = tallies.month(held.local_start)
    period = clock.quarter(group.starts_on)
    return Cell(Kind.SESSION, group.programme, period, SessionState.HELD.value, month)


def recount(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    """The same from the sessions themselves, of these groups or of all."""
    year, month = (extract(part, GroupSession.local_start) for part in ("year", "month"))
    columns = (Group.programme, Group.starts_on, GroupSession.state, year, month)
    query = (
        select(*columns, func.count())
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state.in_(CAME_TO_SOMETHING))
        .group_by(*columns)
    )
    if groups is not None:
        query = query.where(GroupSession.group_id.in_(groups))
    counted: Counter[Cell] = Counter()
    for programme, starts, state, in_year, in_month, count in db.execute(query):
        number = 12 * int(in_year) + int(in_month) - 1
        counted[Cell(Kind.SESSION, programme, clock.quarter(starts), state.value, number)] += count
    return counted
