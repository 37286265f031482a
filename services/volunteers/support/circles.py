"""Nobody is supervised in a circle, nor while somebody is away: who answers for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import SupervisorAbsence, VolunteerSupport
from services import clock


def leads_back(first: Iterable[int], own: int, answered_by: Mapping[int, Collection[int]]) -> bool:
    """Whether going on from account to account comes to `own`.

    `answered_by` has for accounts of volunteers who answers for each.
    """
    met: set[int] = set()
    ahead = list(first)
    while ahead:
        one = ahead.pop()
        if one == own:
            return True
        if one not in met:
            met.add(one)
            ahead.extend(answered_by.get(one, ()))
    return False


def stand_ins(db: Session) -> dict[int, set[int]]:
    """Who stands in for a supervisor, today or in an absence to come. A step of other services."""
    query = select(SupervisorAbsence.account_id, SupervisorAbsence.stand_in_id).where(
        SupervisorAbsence.ends_on >= clock.today()
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for away, stand_in in db.execute(query):
        found[away].add(stand_in)
    return dict(found)


def supervised_by(db: Session, *, but: int | None = None) -> dict[int, int]:
    """Accounts of volunteers and who supervises each; `but` is a volunteer who is left out."""
    query = select(VolunteerSupport.own_account_id, VolunteerSupport.supervisor_id).where(
        VolunteerSupport.own_account_id.is_not(None),
        VolunteerSupport.volunteer_id.is_distinct_from(but),
    )
    return {own: supervisor for own, supervisor in db.execute(query) if own and supervisor}


def answered_by(
    supervised: Mapping[int, int], standing_in: Mapping[int, Collection[int]]
) -> dict[int, set[int]]:
    """Who answers for each: her supervisor, and whoever stands in for that one."""
    return {own: {one, *standing_in.get(one, ())} for own, one in supervised.items()}
