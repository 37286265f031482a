"""Who was on which course on which day: a day's volunteers marked at once, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Course, Training, Volunteer, new_ref
from services import audit, clock
from services.errors import InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.training import courses, hours

MOST_AT_ONCE = 60
_FURTHEST_BACK = relativedelta(years=20)
_LONGEST = relativedelta(years=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDraft:
    """A course on one day and who was there.

    Without `hours` it took as long as the course does, and without `expires_on` it counts as
    long as the course does.
    """

    course_ref: str
    volunteer_refs: Sequence[str]
    held_on: date
    hours: float | None = None
    expires_on: date | None = None

    def checked(self, today: date) -> "DayDraft":
        """The same, if it can be kept. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 1 <= len(set(self.volunteer_refs)) <= MOST_AT_ONCE:
            problems["volunteers"] = f"Choose who was there, up to {MOST_AT_ONCE} at once."
        if not today - _FURTHEST_BACK <= self.held_on <= today:
            problems["held_on"] = (
                "This day is still to come. Mark the course once it has been held."
                if self.held_on > today
                else "Check the year: this is more than twenty years ago."
            )
        if self.hours is not None and not hours.are_plausible(self.hours):
            problems["hours"] = courses.HOURS
        if self.expires_on is not None and not (self.held_on < self.expires_on <= today + _LONGEST):
            problems["expires_on"] = (
                "The last day it counts comes after the course. Check both, or leave it empty."
            )
        if problems:
            raise InvalidInputError(problems)
        return self


def mark(db: Session, actor: Actor, draft: DayDraft) -> tuple[str, ...]:
    """Record a day of a course for everybody who was there; give back the records' references."""
    actor.require(Permission.KEEP_TRAINING)
    draft.checked(clock.today())
    course = courses.find(db, actor, draft.course_ref)
    volunteers = _held_volunteers(db, actor, draft.volunteer_refs)
    _refuse_twice(db, course, volunteers, draft.held_on)
    expires_on = draft.expires_on or hours.counts_until(draft.held_on, course.refresh_months)
    minutes = course.minutes if draft.hours is None else hours.in_minutes(draft.hours)
    newest = _give_way(db, course, volunteers, draft.held_on)
    made = [
        Training(
            ref=new_ref(),
            volunteer_id=one.id,
            course_id=course.id,
            held_on=draft.held_on,
            minutes=minutes,
            expires_on=expires_on,
            recorded_by_id=actor.account_id,
            recorded_at=clock.now(),
            is_latest=one.id in newest,
        )
        for one in volunteers
    ]
    db.add_all(made)
    for one, training in zip(volunteers, made, strict=True):
        audit.record(
            db, actor, "training.marked", f"volunteer:{one.ref}", course=course.ref,
            training=training.ref,
        )  # fmt: skip
    return tuple(training.ref for training in made)


def take_back(db: Session, actor: Actor, training_ref: str) -> None:
    """Remove a record made by mistake; the one before it counts again."""
    actor.require(Permission.KEEP_TRAINING)
    query = (
        select(Training, Volunteer)
        .join(Volunteer, Volunteer.id == Training.volunteer_id)
        .where(Training.ref == training_ref, visible_volunteers(actor))
        .with_for_update()
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("training")
    training, her = row
    db.delete(training)
    db.flush()
    before = db.scalar(
        select(Training)
        .where(Training.volunteer_id == her.id, Training.course_id == training.course_id)
        .order_by(Training.held_on.desc())
        .limit(1)
    )
    if before is not None:
        before.is_latest = True
    audit.record(db, actor, "training.taken_back", f"volunteer:{her.ref}", training=training_ref)


def _held_volunteers(db: Session, actor: Actor, refs: Sequence[str]) -> list[Volunteer]:
    """Held in one order: two who mark the same people wait instead of blocking each other."""
    query = (
        select(Volunteer)
        .where(Volunteer.ref.in_(set(refs)), visible_volunteers(actor))
        .order_by(Volunteer.id)
        .with_for_update()
    )
    found = list(db.scalars(query))
    if len(found) < len(set(refs)):
        raise NotFoundError("volunteer")
    return found


def _refuse_twice(
    db: Session, course: Course, volunteers: Sequence[Volunteer], held_on: date
) -> None:
    query = select(Training.volunteer_id).where(
        Training.course_id == course.id,
        Training.held_on == held_on,
        Training.volunteer_id.in_([one.id for one in volunteers]),
    )
    there = set(db.scalars(query))
    names = [f"{one.first_name} {one.last_name}" for one in volunteers if one.id in there]
    if names:
        have = "has" if len(names) == 1 else "have"
        raise InvalidInputError(
            {
                "volunteers": f"{', '.join(names)} {have} this course on this day already. "
                "Take the name out, or choose another day."
            }
        )


def _give_way(
    db: Session, course: Course, volunteers: Sequence[Volunteer], held_on: date
) -> set[int]:
    """For whom the new day is the latest; the one that was so far steps aside."""
    query = select(Training).where(
        Training.course_id == course.id,
        Training.volunteer_id.in_([one.id for one in volunteers]),
        Training.is_latest,
    )
    newest = {one.id for one in volunteers}
    for before in db.scalars(query):
        if before.held_on > held_on:
            newest.discard(before.volunteer_id)
        else:
            before.is_latest = False
    db.flush()  # one may be the latest at a time: the old one first
    return newest
