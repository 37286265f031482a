"""The courses there are and which roles need them: a list the charity keeps for itself."""

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Course, PlacementRole, new_ref
from services import audit
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.volunteers.training import hours

FILE = DATA / "reference" / "courses.yaml"
MAX_NAME = 120
MAX_MONTHS = 120
_TAKEN = "There is a course of this name already. Choose another, or change that one."


class ShippedCourse(Definition):
    """One course of the list a new organisation starts with."""

    name: str = Field(min_length=1, max_length=MAX_NAME)
    hours: float = Field(ge=hours.LEAST_HOURS, le=hours.MOST_HOURS)
    refresh_months: int | None = Field(ge=1, le=MAX_MONTHS)
    needed_for: tuple[PlacementRole, ...]


class Shipped(Definition):
    """What the file holds."""

    courses: tuple[ShippedCourse, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDraft:
    """A course as it was filled in; without `refresh_months` it counts for good."""

    name: str
    hours: float
    refresh_months: int | None = None
    needed_for: Collection[PlacementRole] = ()
    is_active: bool = True

    def checked(self) -> "CourseDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 1 <= len(self.name.strip()) <= MAX_NAME:
            problems["name"] = f"Enter a name of up to {MAX_NAME} letters."
        if not hours.are_plausible(self.hours):
            problems["hours"] = HOURS
        if self.refresh_months is not None and not 1 <= self.refresh_months <= MAX_MONTHS:
            problems["refresh_months"] = f"Choose between 1 and {MAX_MONTHS} months, or none."
        if problems:
            raise InvalidInputError(problems)
        return self


@dataclass(frozen=True, slots=True)
class CourseView:
    """One course."""

    ref: str
    name: str
    hours: float
    refresh_months: int | None
    needed_for: tuple[str, ...]
    is_active: bool
    version: int


HOURS = (
    f"Enter the hours of the course, between a quarter of an hour and {hours.MOST_HOURS:.0f} hours."
)


def seed(db: Session) -> None:
    """Put the shipped list into a database that has no course yet."""
    if db.scalar(select(Course.id).limit(1)) is not None:
        return
    shipped = read_definition(FILE, Shipped).courses
    for position, one in enumerate(shipped, 1):
        made = Course(ref=new_ref(), position=position)
        _fill(made, one.name, one.hours, one.refresh_months, one.needed_for)
        db.add(made)


def offered(db: Session, actor: Actor) -> dict[str, str]:
    """The courses there are now, in order: reference to name."""
    actor.require(Permission.KEEP_TRAINING)
    query = select(Course.ref, Course.name).where(Course.is_active)
    return dict(db.execute(query.order_by(Course.position, Course.id)).all())


def view(db: Session, actor: Actor, ref: str) -> CourseView:
    """One course, switched off or not."""
    actor.require(Permission.KEEP_TRAINING)
    one = find(db, actor, ref)
    return CourseView(
        ref=one.ref,
        name=one.name,
        hours=hours.in_hours(one.minutes),
        refresh_months=one.refresh_months,
        needed_for=tuple(one.needed_for),
        is_active=one.is_active,
        version=one.version,
    )


def find(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Course:
    """The course itself, for services that keep something about it."""
    actor.require(Permission.KEEP_TRAINING)
    query = select(Course).where(Course.ref == ref)
    one = db.scalar(query.with_for_update() if lock else query)
    if one is None:
        raise NotFoundError("course")
    return one


def add(db: Session, actor: Actor, draft: CourseDraft) -> str:
    """Add a course at the end of the list and give back its reference."""
    actor.require(Permission.KEEP_TRAINING)
    draft.checked()
    last = db.scalar(select(func.max(Course.position))) or 0
    one = Course(ref=new_ref(), position=last + 1)
    _write(db, one, draft)
    db.add(one)
    _keep(db, actor, "course.added", one)
    return one.ref


def change(db: Session, actor: Actor, ref: str, draft: CourseDraft, *, version: int) -> None:
    """Change a course. What was recorded keeps its hours and its last day.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.KEEP_TRAINING)
    draft.checked()
    one = find(db, actor, ref, lock=True)
    if one.version != version:
        raise ConflictError(
            "Somebody else changed this course while you had it open. It now reads "
            f"“{one.name}”, {hours.in_hours(one.minutes):g} hours. Make your change again.",
            theirs=one.name,
        )
    _write(db, one, draft)
    _keep(db, actor, "course.changed", one)


def _write(db: Session, one: Course, draft: CourseDraft) -> None:
    _refuse_twin(db, one.ref, draft.name.strip())
    _fill(one, draft.name.strip(), draft.hours, draft.refresh_months, draft.needed_for)
    one.is_active = draft.is_active


def _fill(
    one: Course,
    name: str,
    long: float,
    refresh_months: int | None,
    needed_for: Collection[PlacementRole],
) -> None:
    one.name, one.minutes, one.refresh_months = name, hours.in_minutes(long), refresh_months
    one.needed_for = [role.value for role in PlacementRole if role in needed_for]


def _refuse_twin(db: Session, ref: str, name: str) -> None:
    names = db.scalars(select(Course.name).where(Course.ref != ref))
    if name.casefold() in {other.casefold() for other in names}:
        raise InvalidInputError({"name": _TAKEN})


def _keep(db: Session, actor: Actor, action: str, one: Course) -> None:
    try:
        audit.record(db, actor, action, f"course:{one.ref}", offered=one.is_active)
    except IntegrityError as error:  # another coordinator was as fast with the same name
        raise InvalidInputError({"name": _TAKEN}) from error
