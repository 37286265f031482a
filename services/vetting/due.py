"""Whose checks run out, and when: at 90, 60 and 30 days, and once they have."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import CheckDecision, DbsCheck, RightToVolunteer, Stage, Volunteer
from services import clock
from services.permissions import Actor, Permission, visible_volunteers
from services.vetting import rules
from services.vetting.finding import rhythm
from services.vetting.view import last_day

MOST = 50
# Who is not with us now, or not yet, is not pressed.
AT_WORK = (Stage.TRAINING, Stage.SHADOWING, Stage.ACTIVE)
_AHEAD = timedelta(days=max(rules.WINDOWS))
_SLACK = timedelta(days=3)  # months differ in length: the exact day is reckoned afterwards


def to_renew(db: Session, actor: Actor) -> pd.DataFrame:
    """What runs out within 90 days or has run out, the first to end first.

    Columns: volunteer_ref, name, what ("dbs" or "right"), until, window (0 once it is over, else
    30, 60 or 90).
    """
    actor.require(Permission.KEEP_CHECKS)
    today = clock.today()
    found = sorted([*_checks(db, actor, today), *_rights(db, actor, today)])[:MOST]
    people = _people(db, {number for _until, number, _what in found}) if found else {}
    rows = [
        (*people[number], what, until, rules.window(until, today)) for until, number, what in found
    ]
    return pd.DataFrame(rows, columns=["volunteer_ref", "name", "what", "until", "window"])


def _checks(db: Session, actor: Actor, today: date) -> Iterator[tuple[date, int, str]]:
    beat, latest = rhythm(db), today + _AHEAD
    asked = DbsCheck.update_service_on.is_not(None)
    query = (
        select(DbsCheck)
        .join(Volunteer, Volunteer.id == DbsCheck.volunteer_id)
        .where(
            visible_volunteers(actor),
            Volunteer.stage.in_(AT_WORK),
            DbsCheck.is_current,
            DbsCheck.decision.in_((CheckDecision.CLEARED, CheckDecision.ARRANGEMENTS)),
            or_(
                DbsCheck.changed_on.is_not(None),
                and_(asked, DbsCheck.counts_from <= _from(latest, beat.status_months)),
                and_(~asked, DbsCheck.counts_from <= _from(latest, beat.recheck_months)),
            ),
        )
    )
    for one in db.scalars(query):
        until = last_day(one, beat)
        if until is not None and until <= latest:
            yield until, one.volunteer_id, "dbs"


def _from(latest: date, months: int) -> date:
    return latest - relativedelta(months=months) + _SLACK


def _rights(db: Session, actor: Actor, today: date) -> Iterator[tuple[date, int, str]]:
    later = aliased(RightToVolunteer)
    query = (
        select(RightToVolunteer.valid_until, RightToVolunteer.volunteer_id)
        .join(Volunteer, Volunteer.id == RightToVolunteer.volunteer_id)
        .where(
            visible_volunteers(actor),
            Volunteer.stage.in_(AT_WORK),
            RightToVolunteer.valid_until <= today + _AHEAD,
            ~select(later.id)
            .where(
                later.volunteer_id == RightToVolunteer.volunteer_id, later.id > RightToVolunteer.id
            )
            .exists(),
        )
    )
    for until, volunteer_id in db.execute(query):
        if until is not None:
            yield until, volunteer_id, "right"


def _people(db: Session, numbers: set[int]) -> dict[int, tuple[str, str]]:
    """Number to reference and name, decrypted for those shown only."""
    query = select(Volunteer.id, Volunteer.ref, Volunteer.first_name, Volunteer.last_name)
    found = db.execute(query.where(Volunteer.id.in_(numbers)))
    return {number: (ref, f"{first} {last}") for number, ref, first, last in found}
