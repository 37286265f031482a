"""With children only while a check is in date: a rule about taking something on, and no more.

Whatever has lapsed, everything without children stays open to her.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import CheckDecision, DbsCheck, PlacementRole, Volunteer, Workforce
from services import clock
from services.placing.obstacles import Found, Obstacle, Task
from services.programmes import programmes
from services.short_lists import NUMBERS
from services.volunteers.vetting import roles, rules
from services.volunteers.vetting.finding import rhythm
from services.volunteers.vetting.rules import Rhythm

_CLEAR = (CheckDecision.CLEARED, CheckDecision.ARRANGEMENTS)
_OR_ELSE = "Choose a role and a group without children meanwhile."
_NONE = f"With children she needs a DBS check first: record it under “Checks”. {_OR_ELSE}"
_NOT_NOW = f"The decision on her DBS check does not clear her for work with children. {_OR_ELSE}"
_CHANGED = (
    "The Update Service has something new on her check: ask for a new one under “Checks”. "
    f"{_OR_ELSE}"
)


def checked_for_children(db: Session, volunteers: Sequence[Volunteer], task: Task) -> Found:
    """Nobody begins with children without a check that counts on her first day and today."""
    if not is_with_children(db, task):
        return {}
    beat, checks = rhythm(db), _for_children(db, {one.id for one in volunteers})
    begins = max(task.starts_on, clock.today())
    against = {one.id: refusal(checks.get(one.id), begins, beat) for one in volunteers}
    return {number: [Obstacle("checks", "role", says)] for number, says in against.items() if says}


def checked_until(db: Session, volunteer_ids: Collection[int]) -> dict[int, date]:
    """The last day on which each of these may be with children; nobody who may not at all."""
    if not volunteer_ids:
        return {}
    beat = rhythm(db)
    checks = _for_children(db, volunteer_ids)
    return {
        number: until
        for number, check in checks.items()
        if check.decision in _CLEAR
        and check.changed_on is None
        and (until := _counts_until(check, beat)) is not None
    }


def is_with_children(db: Session, task: Task) -> bool:
    """Whether children are there: in the crèche, and in every group that is for them too."""
    if task.role is PlacementRole.CRECHE:
        return True
    return programmes.of_group(db, task.group).audience != "adults"


def refusal(check: DbsCheck | None, on: date, beat: Rhythm) -> str | None:
    """Why this check does not let her work with children on a day; None when it does."""
    until = None if check is None else _counts_until(check, beat)
    if check is None or until is None:
        return _NONE
    if check.decision not in _CLEAR:
        return _NOT_NOW
    if check.changed_on is not None:
        return _CHANGED
    if until >= on:
        return None
    return (
        f"For work with children her DBS check counts until {until.day} {until:%B %Y}. Renew it "
        f"under “Checks”. {_OR_ELSE}"
    )


def _counts_until(check: DbsCheck, beat: Rhythm) -> date | None:
    if check.counts_from is None:
        return None
    return rules.counts_until(
        check.counts_from,
        on_update_service=check.update_service_on is not None,
        changed_on=None,
        rhythm=beat,
    )


def _for_children(db: Session, volunteer_ids: Collection[int]) -> dict[int, DbsCheck]:
    """Of each, the newest check decided on that is about children: at the level needed, or a no."""
    least = roles.check_roles().with_children
    return {
        one.volunteer_id: one
        for one in db.scalars(_about_children(), {NUMBERS.key: volunteer_ids})
        if one.decision is CheckDecision.NOT_NOW or roles.reaches(one.level, least)
    }


@cache
def _about_children() -> Select[DbsCheck]:
    return (
        select(DbsCheck)
        .where(
            DbsCheck.volunteer_id.in_(NUMBERS),
            DbsCheck.is_current,
            DbsCheck.workforce.in_((Workforce.CHILDREN, Workforce.BOTH)),
        )
        .order_by(DbsCheck.issued_on, DbsCheck.id)
    )
