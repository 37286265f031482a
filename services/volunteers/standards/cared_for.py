"""How volunteers are planned for, supported and valued, in numbers."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Debrief,
    GroupSession,
    SessionState,
    Stage,
    StageChange,
    SupervisionKind,
    SupervisionSession,
    Training,
    Volunteer,
    VolunteerWishes,
    WeeklyHours,
)
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.standards.found import Found
from services.volunteers.support.rhythm import Kind
from services.volunteers.workforce import given, kept, leaving
from services.volunteers.workforce.flow import first_day
from services.volunteers.workforce.kept import KINDS
from services.volunteers.workforce.small import counted_stages, threshold

_DEBRIEFS = timedelta(weeks=12)


def cared_for(db: Session, actor: Actor) -> dict[str, Found]:
    """By what is counted, as one part of the evidence."""
    actor.require(Permission.READ_WORKFORCE)
    return {**_fitted(db, actor), **_support(db, actor), **_valued(db, actor)}


def _fitted(db: Session, actor: Actor) -> dict[str, Found]:
    """Those in training as well, to whoever may tell them from those with groups."""
    stages = counted_stages(actor)
    if threshold(actor) == 1:
        stages = (Stage.TRAINING, *stages)
    here = select(Volunteer.id).where(Volunteer.stage.in_(stages))
    people = db.scalar(select(func.count()).select_from(here.subquery())) or 0
    counted = {
        key: db.scalar(select(func.count(column.distinct())).where(column.in_(here))) or 0
        for key, column in (
            ("hours_said", WeeklyHours.volunteer_id),
            ("wishes_kept", VolunteerWishes.volunteer_id),
        )
    }
    return {key: Found(count, people) for key, count in counted.items()}


def _support(db: Session, actor: Actor) -> dict[str, Found]:
    frame = kept.support_in_time(db, actor)
    meetings = dict(
        db.execute(
            select(
                SupervisionSession.kind,
                func.max(SupervisionSession.held_on, type_=SupervisionSession.held_on.type),
            ).group_by(SupervisionSession.kind)
        ).all()
    )
    asked = db.scalar(select(func.max(CheckIn.at, type_=CheckIn.at.type)))
    newest = {
        Kind.SUPERVISION: meetings.get(SupervisionKind.ONE_TO_ONE),
        Kind.REVIEW: meetings.get(SupervisionKind.REVIEW),
        Kind.CHECK_IN: clock.local(asked).date() if asked else None,
    }
    keys = {
        "supervisor": Kind.SUPERVISOR,
        "supervision": Kind.SUPERVISION,
        "asked": Kind.CHECK_IN,
        "reviews": Kind.REVIEW,
    }
    counts = dict(zip(frame["what"], zip(frame["count"], frame["of"], strict=True), strict=True))
    found = {}
    for key, kind in keys.items():
        count, of = counts.get(KINDS[kind], (0, 0))
        is_hidden = bool(pd.isna(count))
        found[key] = Found(0) if is_hidden else Found(int(count), int(of), newest.get(kind))
        found[key] = replace(found[key], is_hidden=is_hidden)
    return found


def _valued(db: Session, actor: Actor) -> dict[str, Found]:
    here = select(Volunteer.id).where(Volunteer.stage.in_(counted_stages(actor)))
    people = db.scalar(select(func.count()).select_from(here.subquery())) or 0
    trained = select(
        func.count(Training.volunteer_id.distinct()),
        func.max(Training.held_on, type_=Training.held_on.type),
    ).where(
        Training.volunteer_id.in_(here),
        Training.held_on > clock.today() - relativedelta(months=12),
    )
    on_course, latest = db.execute(trained).one()
    moved = select(
        func.count(StageChange.because),
        func.count(),
        func.max(StageChange.changed_on, type_=StageChange.changed_on.type),
    ).where(
        StageChange.changed_on >= first_day(clock.today()), StageChange.to_stage == Stage.MOVED_ON
    )
    reasons, everybody, last = db.execute(moved).one()
    return {
        "debriefs": _debriefs(db, clock.today()),
        "hours": Found(round(given.given(db, actor).hours)),
        "trained": Found(on_course, people, latest),
        "reasons": _reasons(db, actor, Found(reasons, everybody, last)),
    }


def _reasons(db: Session, actor: Actor, found: Found) -> Found:
    """Hidden where a number is small, or the chart of leaving hides how many they are."""
    without = (found.of or 0) - found.count
    small = any(0 < count < threshold(actor) for count in (found.count, without))
    if small or leaving.leaving(db, actor).people is None:
        return replace(found, newest=None, is_hidden=True)
    return found


def _debriefs(db: Session, today: date) -> Found:
    query = (
        select(func.count(), func.count(Debrief.id), func.max(Debrief.at, type_=Debrief.at.type))
        .select_from(GroupSession)
        .outerjoin(Debrief, Debrief.session_id == GroupSession.id)
        .where(
            GroupSession.state == SessionState.HELD,
            GroupSession.starts_at >= clock.start_of_day(today - _DEBRIEFS),
            GroupSession.starts_at <= clock.now(),
        )
    )
    held, with_debrief, newest = db.execute(query).one()
    return Found(with_debrief, held, clock.local(newest).date() if with_debrief else None)
