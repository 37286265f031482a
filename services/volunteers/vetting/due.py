"""Whose checks run out, and when: at 90, 60 and 30 days, and once they have."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from models import CheckDecision, DbsCheck, RightToVolunteer, Stage, Volunteer
from services import clock
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.visibility import visible_volunteers
from services.volunteers.vetting import rules
from services.volunteers.vetting.finding import rhythm
from services.volunteers.vetting.view import last_day

MOST = 50
# Who is not with us now, or not yet, is not pressed.
AT_WORK = (Stage.TRAINING, Stage.SHADOWING, Stage.ACTIVE)
_AHEAD = timedelta(days=max(rules.WINDOWS))
_STATUS_FROM, _RECHECK_FROM = "status_from", "recheck_from"
_SLACK = timedelta(days=3)  # months differ in length: the exact day is reckoned afterwards


def to_renew(db: Session, actor: Actor) -> pd.DataFrame:
    """What runs out within 90 days or has run out, the first to end first.

    Columns: volunteer_ref, name, what ("dbs" or "right"), until, window (0 once it is over, else
    30, 60 or 90).
    """
    actor.require(Permission.KEEP_CHECKS)
    found, today = _found(db, actor), clock.today()
    people = _people(db, {number for _until, number, _what in found}) if found else {}
    rows = [
        (*people[number], what, until, rules.window(until, today)) for until, number, what in found
    ]
    return pd.DataFrame(rows, columns=["volunteer_ref", "name", "what", "until", "window"])


def to_renew_count(db: Session, actor: Actor) -> int:
    """How many `to_renew` lists."""
    actor.require(Permission.KEEP_CHECKS)
    return len(_found(db, actor))


def _found(db: Session, actor: Actor) -> list[tuple[date, int, str]]:
    return sorted([*_checks(db, actor), *_rights(db, actor)])[:MOST]


def _checks(db: Session, actor: Actor) -> Iterator[tuple[date, int, str]]:
    beat, latest = rhythm(db), _latest()
    months = {_STATUS_FROM: beat.status_months, _RECHECK_FROM: beat.recheck_months}
    begins = {key: latest - relativedelta(months=many) + _SLACK for key, many in months.items()}
    for volunteer_id, one in db.execute(_checks_select(actor), begins):
        until = last_day(one, beat)
        if until is not None and until <= latest:
            yield until, volunteer_id, "dbs"


@once
def _checks_select(actor: Actor) -> Select[int, DbsCheck]:
    asked = DbsCheck.update_service_on.is_not(None)
    begins = DbsCheck.counts_from
    return (
        select(DbsCheck.volunteer_id, DbsCheck)
        .join(Volunteer, Volunteer.id == DbsCheck.volunteer_id)
        .where(
            visible_volunteers(actor),
            Volunteer.stage.in_(AT_WORK),
            DbsCheck.is_current,
            DbsCheck.decision.in_((CheckDecision.CLEARED, CheckDecision.ARRANGEMENTS)),
            or_(
                DbsCheck.changed_on.is_not(None),
                and_(asked, begins <= bindparam(_STATUS_FROM, type_=Date)),
                and_(~asked, begins <= bindparam(_RECHECK_FROM, type_=Date)),
            ),
        )
    )


def _rights(db: Session, actor: Actor) -> Iterator[tuple[date, int, str]]:
    for until, volunteer_id in db.execute(_rights_select(actor)):
        if until is not None:
            yield until, volunteer_id, "right"


@once
def _rights_select(actor: Actor) -> Select[date | None, int]:
    one, later = RightToVolunteer, aliased(RightToVolunteer)
    renewed = select(later.id).where(later.volunteer_id == one.volunteer_id, later.id > one.id)
    return (
        select(one.valid_until, one.volunteer_id)
        .join(Volunteer, Volunteer.id == one.volunteer_id)
        .where(
            visible_volunteers(actor),
            Volunteer.stage.in_(AT_WORK),
            one.valid_until <= each_time(one.valid_until, _latest),
            ~renewed.exists(),
        )
    )


def _latest() -> date:
    return clock.today() + _AHEAD


def _people(db: Session, numbers: set[int]) -> dict[int, tuple[str, str]]:
    """Number to reference and name, decrypted for those shown only."""
    query = select(Volunteer.id, Volunteer.ref, Volunteer.first_name, Volunteer.last_name)
    found = db.execute(query.where(Volunteer.id.in_(numbers)))
    return {number: (ref, f"{first} {last}") for number, ref, first, last in found}
