"""A role's courses are in date: a rule about taking something on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Course, PlacementRole, Training, Volunteer
from services import clock
from services.placing.obstacles import Found, Obstacle, Task
from services.volunteers.training.standing import needed


def courses_in_date(db: Session, volunteers: Sequence[Volunteer], task: Task) -> Found:
    """Nobody takes on a role whose courses she has not, or not any more, on her first day."""
    wanted = [one for one in needed(db) if task.role.value in one.needed_for]
    if not wanted:
        return {}
    begins = max(task.starts_on, clock.today())
    until = _latest(db, {one.id for one in volunteers}, {one.id for one in wanted})
    found: Found = defaultdict(list)
    for volunteer in volunteers:
        for course in wanted:
            if says := _refusal(course, until[volunteer.id], begins):
                found[volunteer.id].append(Obstacle("training", "role", says))
    return dict(found)


def run_out(
    db: Session, doing: Collection[tuple[int, PlacementRole]]
) -> dict[tuple[int, PlacementRole], dict[str, date | None]]:
    """For each volunteer in a role, the courses it needs that she has not for good: by name, the
    last day each counts, or None where she has never taken it."""
    wanted = needed(db)
    until = _latest(db, {number for number, _role in doing}, {one.id for one in wanted})
    return {
        (number, role): {
            course.name: until[number].get(course.id)
            for course in wanted
            if role.value in course.needed_for
            and (course.id not in until[number] or until[number][course.id] is not None)
        }
        for number, role in doing
    }


def _refusal(course: Course, until: dict[int, date | None], on: date) -> str | None:
    if course.id not in until:
        return f"For this role she still needs the course “{course.name}”."
    last = until[course.id]
    if last is None or last >= on:
        return None
    return (
        f"For this role her course “{course.name}” counts until {last.day} {last:%B %Y}: it is "
        "time to refresh it."
    )


def _latest(
    db: Session, volunteer_ids: Collection[int], course_ids: Collection[int]
) -> defaultdict[int, dict[int, date | None]]:
    """For each volunteer, the last day each course counts."""
    query = select(Training.volunteer_id, Training.course_id, Training.expires_on).where(
        Training.is_latest,
        Training.volunteer_id.in_(volunteer_ids),
        Training.course_id.in_(course_ids),
    )
    found: defaultdict[int, dict[int, date | None]] = defaultdict(dict)
    for volunteer_id, course_id, until in db.execute(query):
        found[volunteer_id][course_id] = until
    return found
