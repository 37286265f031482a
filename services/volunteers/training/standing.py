"""Who has what in date: by course, by volunteer, and what runs out next."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from models import Course, Stage, Training, Volunteer
from services import clock
from services.frames import typed
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.training import courses, hours

PAGE = 50
MOST_CANDIDATES = 200
# Who counts in the figures and is pressed: those at work with groups, or on the way there.
AT_WORK = (Stage.TRAINING, Stage.SHADOWING, Stage.ACTIVE)
_AHEAD = timedelta(days=max(hours.WINDOWS))


@dataclass(frozen=True, slots=True)
class Taken:
    """A volunteer's training: each day of it, hours of the last twelve months, what is missing.

    `days` has the columns training, course, held, hours, until, state ("in date", "soon",
    "run out", "renewed"); `missing` holds for each role the courses she still needs.
    """

    days: pd.DataFrame
    hours_in_a_year: float
    missing: dict[str, tuple[str, ...]]


@while_unchanged
def by_course(db: Session, actor: Actor) -> pd.DataFrame:
    """Every course with how many of those at work have it: in date, running out, run out.

    Columns: ref, name, hours, months, needed_for, is_active, in_date, soon, over.
    """
    actor.require(Permission.KEEP_TRAINING)
    today = clock.today()
    lasting = or_(Training.expires_on.is_(None), Training.expires_on > today + _AHEAD)
    counted = (
        select(
            Training.course_id,
            func.sum(case((lasting, 1), else_=0)).label("lasting"),
            func.sum(case((~lasting & (Training.expires_on >= today), 1), else_=0)).label("soon"),
            func.sum(case((Training.expires_on < today, 1), else_=0)).label("over"),
        )
        .join(Volunteer, Volunteer.id == Training.volunteer_id)
        .where(Training.is_latest, Volunteer.stage.in_(AT_WORK), visible_volunteers(actor))
        .group_by(Training.course_id)
        .subquery()
    )
    query = (
        select(Course, counted.c.lasting, counted.c.soon, counted.c.over)
        .outerjoin(counted, counted.c.course_id == Course.id)
        .order_by(Course.is_active.desc(), Course.position, Course.id)
    )
    rows = [
        (
            one.ref,
            one.name,
            hours.in_hours(one.minutes),
            one.refresh_months,
            tuple(one.needed_for),
            one.is_active,
            (lasting or 0) + (soon or 0),
            soon or 0,
            over or 0,
        )
        for one, lasting, soon, over in db.execute(query)
    ]
    columns = ["ref", "name", "hours", "months", "needed_for", "is_active", "in_date", "soon",
               "over"]  # fmt: skip
    return typed(rows, columns, {"months": "Int64"})


def on_course(
    db: Session, actor: Actor, course_ref: str, *, after: tuple[date, int] | None = None
) -> pd.DataFrame:
    """A page of who has a course, the last to take it first: position, volunteer_ref, name, held,
    until, window (0 once it has run out, else the days it is within)."""
    actor.require(Permission.KEEP_TRAINING)
    course = courses.find(db, actor, course_ref)
    query = (
        select(Training, Volunteer)
        .join(Volunteer, Volunteer.id == Training.volunteer_id)
        .where(Training.course_id == course.id, Training.is_latest, visible_volunteers(actor))
        .order_by(Training.held_on.desc(), Training.id.desc())
        .limit(PAGE)
    )
    if after is not None:
        day, number = after
        same_day = (Training.held_on == day) & (Training.id < number)
        query = query.where(or_(Training.held_on < day, same_day))
    today = clock.today()
    rows = [
        (
            (one.held_on, one.id),
            her.ref,
            f"{her.first_name} {her.last_name}",
            one.held_on,
            one.expires_on,
            hours.window(one.expires_on, today),
        )
        for one, her in db.execute(query)
    ]
    columns = ["position", "volunteer_ref", "name", "held", "until", "window"]
    return typed(rows, columns, {"window": "Int64"})


@while_unchanged
def running_out(db: Session, actor: Actor) -> pd.DataFrame:
    """What runs out within 90 days or has, the first to end first: volunteer_ref, name, course,
    until, window. Courses no longer offered are not pressed."""
    actor.require(Permission.KEEP_TRAINING)
    today = clock.today()
    rows = [
        (her.ref, f"{her.first_name} {her.last_name}", course, until, hours.window(until, today))
        for her, course, until in db.execute(running_out_select(actor))
    ]
    return pd.DataFrame(rows, columns=["volunteer_ref", "name", "course", "until", "window"])


@once
def running_out_select(actor: Actor) -> Select[Volunteer, str, date | None]:
    """The select behind `running_out`, for what only counts them."""
    until = Training.expires_on
    return (
        select(Volunteer, Course.name, until)
        .join(Training, Training.volunteer_id == Volunteer.id)
        .join(Course, Course.id == Training.course_id)
        .where(
            Training.is_latest,
            until <= each_time(until, lambda: clock.today() + _AHEAD),
            Volunteer.stage.in_(AT_WORK),
            Course.is_active,
            visible_volunteers(actor),
        )
        .order_by(until, Training.id)
        .limit(PAGE)
    )


def candidates(db: Session, actor: Actor) -> dict[str, str]:
    """Those at work with groups or on the way there, for choosing who was on a course."""
    actor.require(Permission.KEEP_TRAINING)
    query = (
        select(Volunteer.ref, Volunteer.first_name, Volunteer.last_name)
        .where(Volunteer.stage.in_((*AT_WORK, Stage.CHECKS, Stage.STEPPED_BACK)))
        .where(visible_volunteers(actor))
        .order_by(Volunteer.stage_since.desc(), Volunteer.id.desc())
        .limit(MOST_CANDIDATES)
    )
    found = {ref: f"{first} {last}" for ref, first, last in db.execute(query)}
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> Taken:
    """One volunteer's training, the latest first."""
    actor.require(Permission.KEEP_TRAINING)
    return taken_by(db, find_volunteer(db, actor, volunteer_ref).id)


def taken_by(db: Session, number: int) -> Taken:
    """The same by her number. A step of other services, which have asked."""
    taken = db.execute(
        select(Training, Course)
        .join(Course, Course.id == Training.course_id)
        .where(Training.volunteer_id == number)
        .order_by(Training.held_on.desc(), Training.id.desc())
    ).all()
    today = clock.today()
    rows = [
        (
            one.ref,
            course.name,
            one.held_on,
            hours.in_hours(one.minutes),
            one.expires_on,
            _state(one, today),
        )
        for one, course in taken
    ]
    columns = ["training", "course", "held", "hours", "until", "state"]
    held = {
        course.id
        for one, course in taken
        if one.is_latest and (one.expires_on is None or one.expires_on >= today)
    }
    minutes = hours.within_a_year([(one.held_on, one.minutes) for one, _ in taken], today)
    return Taken(pd.DataFrame(rows, columns=columns), hours.in_hours(minutes), _missing(db, held))


def _missing(db: Session, held: set[int]) -> dict[str, tuple[str, ...]]:
    """For each role, in order, the courses needed for it that are not among those she has."""
    missing: dict[str, list[str]] = {}
    for course in needed(db):
        for role in course.needed_for:
            missing.setdefault(role, [])
            if course.id not in held:
                missing[role].append(course.name)
    return {role: tuple(names) for role, names in missing.items()}


def needed(db: Session) -> list[Course]:
    """The courses that some role needs, in order. The list is short: the charity's own."""
    query = select(Course).where(Course.is_active).order_by(Course.position, Course.id)
    return [one for one in db.scalars(query) if one.needed_for]


def _state(one: Training, today: date) -> str:
    if not one.is_latest:
        return "renewed"
    found = hours.window(one.expires_on, today)
    return "in date" if found is None else "run out" if found == 0 else "soon"
