"""How volunteers who are with groups were chosen and prepared, in numbers."""

from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models import (
    CheckDecision,
    DbsCheck,
    Referee,
    RightToVolunteer,
    Training,
    Volunteer,
)
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.standards.found import Found
from services.volunteers.training.standing import needed
from services.volunteers.vetting import finding, rules
from services.volunteers.vetting.view import last_day
from services.volunteers.workforce.small import counted_stages

_COUNTING = (CheckDecision.CLEARED, CheckDecision.ARRANGEMENTS)


def checked(db: Session, actor: Actor) -> dict[str, Found]:
    """References, right to volunteer, DBS checks and courses."""
    actor.require(Permission.READ_WORKFORCE)
    here = select(Volunteer.id).where(Volunteer.stage.in_(counted_stages(actor)))
    people = db.scalar(select(func.count()).select_from(here.subquery())) or 0
    return {
        "references": _references(db, here, people),
        "right": _right(db, here, people),
        "checks": _dbs(db, here, people),
        "courses": _courses(db, here, people),
    }


def _references(db: Session, here: Select[int], people: int) -> Found:
    each = (
        select(
            func.count(Referee.context.distinct()).label("contexts"),
            func.max(Referee.decided_on).label("newest"),
        )
        .where(Referee.volunteer_id.in_(here), Referee.is_enough.is_(True))
        .group_by(Referee.volunteer_id)
        .having(func.count(Referee.context.distinct()) >= rules.REFEREES)
        .subquery()
    )
    count, newest = db.execute(
        select(func.count(), func.max(each.c.newest, type_=Referee.decided_on.type))
    ).one()
    return Found(count, people, newest)


def _right(db: Session, here: Select[int], people: int) -> Found:
    one = RightToVolunteer
    query = select(
        func.count(one.volunteer_id.distinct()), func.max(one.seen_on, type_=one.seen_on.type)
    ).where(
        one.volunteer_id.in_(here),
        or_(one.valid_until.is_(None), one.valid_until >= clock.today()),
    )
    count, newest = db.execute(query).one()
    return Found(count, people, newest)


def _dbs(db: Session, here: Select[int], people: int) -> Found:
    beat, today = finding.rhythm(db), clock.today()
    query = select(DbsCheck).where(
        DbsCheck.is_current, DbsCheck.decision.in_(_COUNTING), DbsCheck.volunteer_id.in_(here)
    )
    in_date: dict[int, date] = {}
    for one in db.scalars(query):
        until = last_day(one, beat)
        if until is not None and until >= today and one.decided_on is not None:
            in_date[one.volunteer_id] = max(one.decided_on, in_date.get(one.volunteer_id, date.min))
    return Found(len(in_date), people, max(in_date.values(), default=None))


def _courses(db: Session, here: Select[int], people: int) -> Found:
    wanted = [course.id for course in needed(db)]
    each = (
        select(func.max(Training.held_on).label("newest"))
        .where(
            Training.is_latest,
            Training.course_id.in_(wanted),
            Training.volunteer_id.in_(here),
            or_(Training.expires_on.is_(None), Training.expires_on >= clock.today()),
        )
        .group_by(Training.volunteer_id)
        .having(func.count() == len(wanted))
        .subquery()
    )
    count, newest = db.execute(
        select(func.count(), func.max(each.c.newest, type_=Training.held_on.type))
    ).one()
    return Found(count if wanted else people, people, newest)
