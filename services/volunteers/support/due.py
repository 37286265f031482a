"""Whose support is due or overdue: the list for coordinators, and the part of it on Today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models import Account, Stage, SupervisorAbsence, Volunteer, VolunteerSupport
from services import clock
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_support, visible_volunteers
from services.volunteers.support import rhythm as rules
from services.volunteers.support.facts import facts_of
from services.volunteers.support.rhythm import Owed, State
from services.volunteers.support.settings import rhythm_of

MOST = 50
_COLUMNS = ["ref", "name", "kind", "due_on", "state", "supervisor"]


@dataclass(frozen=True, slots=True)
class _Late:
    volunteer: int
    owed: Owed
    state: State
    is_hers: bool  # to see to: she answers for it, nobody does, or it is red


def overdue(db: Session, actor: Actor, *, on_today: bool = False) -> pd.DataFrame:
    """What is due to volunteers, in order of harm: ref, name, kind, due_on, state, supervisor.

    On Today it is what this person answers for, what nobody does, and what is red.
    """
    actor.require(Permission.SUPERVISE)
    late = [one for one in _late(db, actor) if one.is_hers or not on_today]
    return _named(db, late[:MOST])


def overdue_count(db: Session, actor: Actor) -> int:
    """How many `overdue` lists on Today."""
    actor.require(Permission.SUPERVISE)
    return min(sum(one.is_hers for one in _late(db, actor)), MOST)


def _late(db: Session, actor: Actor) -> list[_Late]:
    volunteers = db.execute(_at_work(actor)).all()
    hers = {one.id for one in volunteers if one.is_hers}
    rhythm, today = rhythm_of(db), clock.today()
    late = [
        _Late(number, one, state, number in hers or state is State.RED or not facts.has_supervisor)
        for number, facts in facts_of(db, volunteers).items()
        for one in rules.owed(rhythm, facts)
        if one.due_on <= today
        for state in [rules.state(one, rhythm, today)]
    ]
    return sorted(late, key=lambda one: (rules.harm(one.owed, one.state), one.volunteer))


@once
def _at_work(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The volunteers support is owed to, and whether this person answers for each; a lead sees
    those she answers for alone."""
    hers = and_(VolunteerSupport.id.is_not(None), visible_support(actor))
    return (
        select(Volunteer.id, Volunteer.stage, Volunteer.stage_since, hers.label("is_hers"))
        .outerjoin(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(
            Volunteer.stage.in_((Stage.SHADOWING, Stage.ACTIVE)),
            or_(visible_volunteers(actor), hers),
        )
    )


def _named(db: Session, late: Sequence[_Late]) -> pd.DataFrame:
    """With names, which are decrypted for the page only."""
    if not late:
        return pd.DataFrame(columns=_COLUMNS)
    query = (
        select(
            Volunteer.id, Volunteer.ref, Volunteer.first_name, Volunteer.last_name,
            VolunteerSupport.supervisor_id,
        )
        .outerjoin(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(Volunteer.id.in_({one.volunteer for one in late}))
    )  # fmt: skip
    whose = {row.id: row for row in db.execute(query)}
    answering = _answering(db, {row.supervisor_id for row in whose.values()})
    rows = [
        (
            whose[one.volunteer].ref,
            f"{whose[one.volunteer].first_name} {whose[one.volunteer].last_name}",
            one.owed.kind.value,
            one.owed.due_on,
            one.state.value,
            answering.get(whose[one.volunteer].supervisor_id),
        )
        for one in late
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _answering(db: Session, supervisors: set[int | None]) -> dict[int | None, str]:
    """Who answers today for each supervisor's volunteers: herself, or who stands in for her."""
    today = clock.today()
    away = select(SupervisorAbsence.account_id, SupervisorAbsence.stand_in_id).where(
        SupervisorAbsence.account_id.in_(supervisors),
        SupervisorAbsence.starts_on <= today,
        SupervisorAbsence.ends_on >= today,
    )
    stand_ins = dict(db.execute(away).all())
    wanted = supervisors | set(stand_ins.values())
    names = select(Account.id, Account.display_name).where(
        Account.id.in_(wanted), Account.is_active
    )
    by_number = dict(db.execute(names).all())
    return {
        number: by_number[stand_ins.get(number, number)]
        for number in supervisors
        if number is not None and stand_ins.get(number, number) in by_number
    }
