"""Which forms there are in the demonstration, of whom and when, and which are missing and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models import MeasureForm, Outcome, Point, Respondent
from services import clock
from services.demo import answers
from services.demo.answers import Person
from services.demo.chance import Chance
from services.demo.marks import Attendance
from services.demo.runs import Run, Seat
from services.demo.sink import Sink
from services.measures.measure_counts import STEPS
from services.measures.measure_draft import Scored
from services.measures.measure_library import measure
from services.people.people import age_from
from services.programmes.programme_library import ScheduledMeasure

_WHY_NOT = (Outcome.DECLINED, Outcome.NO_TIME, Outcome.NOT_TODAY, Outcome.NOT_OFFERED)
# Taken before every measure was: one for adults, one for children.
_ALWAYS_TAKEN = {("swemwbs", "self"), ("steps", "practitioner")}


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it will be kept."""

    measure: str
    measure_version: int
    respondent: Respondent
    point: Point
    outcome: Outcome
    taken_on: date
    answers: dict[str, float | None] | None
    total: float | None
    band: str | None
    age_from: int | None
    age_band: str | None = None  # of a child's Steps
    with_parent: bool | None = None


def forms(
    chance: Chance,
    run: Run,
    seat: Seat,
    about: str,
    attendance: Attendance,
    *,
    born: date | None,
    today: date,
) -> list[Form]:
    """Everything that was asked of one person: filled in, or why not, or not asked at all."""
    dates = _dates(run, attendance, today)
    if not dates:
        return []
    person = answers.somebody(chance, gets_worse=seat.gets_worse)
    asked = {point: _outcome(chance, run, seat, point, attendance) for point in dates}
    return [
        form
        for entry in run.programme.measures
        if entry.about == about and _is_taken(run, entry)
        for form in _series(person, entry, dates, asked, born)
    ]


def write(sink: Sink, form: Form, *, place: int, by: int) -> None:
    """Keep one form of a place, recorded in the afternoon of its day."""
    sink.add(
        MeasureForm,
        place_id=place,
        measure=form.measure,
        measure_version=form.measure_version,
        respondent=form.respondent,
        point=form.point,
        outcome=form.outcome,
        taken_on=form.taken_on,
        answers=form.answers,
        total=form.total,
        band=form.band,
        age_band=form.age_band,
        with_parent=form.with_parent,
        age_from=form.age_from,
        recorded_by_id=by,
        recorded_at=clock.start_of_day(form.taken_on) + timedelta(hours=17),
    )


def _dates(run: Run, attendance: Attendance, today: date) -> dict[Point, date]:
    """The day of each point that has come, for somebody who came at all and is still there."""
    first = attendance.came_first
    if first is None:
        return {}
    middle = (len(run.sessions) + 1) // 2
    at = {Point.START: first}
    if middle > first and attendance.expects(middle):
        at[Point.MIDDLE] = middle
    if run.is_over and attendance.expects(len(run.sessions)):
        at[Point.END] = len(run.sessions)
    days = {point: run.sessions[number - 1].starts_at.date() for point, number in at.items()}
    weeks = run.programme.follow_up_weeks
    if Point.END in days and weeks:
        days[Point.FOLLOW_UP] = run.ends_on + timedelta(weeks=weeks)
    return {point: day for point, day in days.items() if day <= today}


def _outcome(
    chance: Chance, run: Run, seat: Seat, point: Point, attendance: Attendance
) -> Outcome | None:
    """Whether a form was filled in, why not, or None where nobody asked."""
    completes = attendance.covered >= run.programme.to_complete.needed
    share = {
        Point.START: 0.94,
        Point.MIDDLE: 0.75,
        Point.END: 0.86 if completes else 0.3,
        Point.FOLLOW_UP: 0.45 if completes else 0.1,
    }[point]
    if seat.measured or chance.happens(share):
        return Outcome.ANSWERED
    return chance.choice(_WHY_NOT) if chance.happens(0.5) else None


def _is_taken(run: Run, entry: ScheduledMeasure) -> bool:
    """Every measure in some runs, in the others those that were always taken."""
    return run.takes_all_measures or (entry.measure, entry.respondent) in _ALWAYS_TAKEN


def _series(
    person: Person,
    entry: ScheduledMeasure,
    dates: dict[Point, date],
    asked: dict[Point, Outcome | None],
    born: date | None,
) -> Iterator[Form]:
    """The forms of one measure and respondent, from the first point to the last that was asked."""
    form, respondent = measure(entry.measure), Respondent(entry.respondent)
    targets = answers.targets(person, form)
    for point in map(Point, entry.points):
        outcome = asked.get(point)
        if outcome is None:
            continue
        scored = Scored()
        if outcome is Outcome.ANSWERED and form.key == STEPS:
            scored = answers.steps(person, respondent, point)
        elif outcome is Outcome.ANSWERED:
            scored = answers.scored_near(person, form, respondent, targets[point])
        yield Form(
            measure=form.key,
            measure_version=form.version,
            respondent=respondent,
            point=point,
            outcome=outcome,
            taken_on=dates[point],
            answers=scored.answers,
            total=scored.total,
            band=scored.band,
            age_from=age_from(born, on=dates[point]),
        )
