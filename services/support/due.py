"""Whose support is due or overdue: the list for coordinators, and the part of it on Today."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Stage, SupervisorAbsence, Volunteer, VolunteerSupport
from services import clock
from services.permissions import Actor, Permission, visible_support, visible_volunteers
from services.support import rhythm as rules
from services.support.facts import facts_of, supervised
from services.support.rhythm import Owed, State
from services.support.settings import rhythm_of

MOST = 50
_COLUMNS = ["ref", "name", "kind", "due_on", "state", "supervisor"]


@dataclass(frozen=True, slots=True)
class _Late:
    volunteer: int
    owed: Owed
    state: State


def overdue(db: Session, actor: Actor, *, on_today: bool = False) -> pd.DataFrame:
    """What is due to volunteers, in order of harm: ref, name, kind, due_on, state, supervisor.

    On Today it is what this person answers for, what nobody does, and what is red.
    """
    actor.require(Permission.READ_VOLUNTEERS)
    late = _late(db, actor)
    if on_today and late:
        hers = set(db.scalars(select(VolunteerSupport.volunteer_id).where(visible_support(actor))))
        cared_for = set(db.scalars(supervised({one.volunteer for one in late})))
        late = [
            one
            for one in late
            if one.volunteer in hers or one.volunteer not in cared_for or one.state is State.RED
        ]
    return _named(db, late[:MOST])


def _late(db: Session, actor: Actor) -> list[_Late]:
    query = select(Volunteer.id, Volunteer.stage, Volunteer.stage_since).where(
        Volunteer.stage.in_((Stage.SHADOWING, Stage.ACTIVE)), visible_volunteers(actor)
    )
    rhythm, today = rhythm_of(db), clock.today()
    late = [
        _Late(number, one, rules.state(one, rhythm, today))
        for number, facts in facts_of(db, db.execute(query).all()).items()
        for one in rules.owed(rhythm, facts)
        if one.due_on <= today
    ]
    return sorted(late, key=lambda one: (rules.harm(one.owed, one.state), one.volunteer))


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
