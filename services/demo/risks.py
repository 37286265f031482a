"""Reviews of risk in the demonstration: most adults have one from the start of their group."""

from datetime import date, timedelta

from models import RiskReview
from services import clock
from services.concerns.risk import HIGHEST_SCORE, allowed, next_review, proposed
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink

_REVIEWED, _RAISED = 0.85, 0.12
Seated = list[list[tuple[int, ...]]]


def write(
    sink: Sink, chance: Chance, courses: list[Course], seated: Seated, *, today: date
) -> None:
    """One review a place, a few days before the group began."""
    for course, people in zip(courses, seated, strict=True):
        for carer, *_child in people:
            if chance.happens(_REVIEWED):
                on = min(course.run.starts_on, today) - timedelta(days=chance.randint(2, 20))
                _review(sink, chance, carer, course.lead, on)


def _review(sink: Sink, chance: Chance, person: int, by: int, on: date) -> None:
    score = round(chance.around(9, 4.5, 1, HIGHEST_SCORE))
    levels = allowed(score)
    raised = len(levels) > 1 and chance.happens(_RAISED)
    sink.add(
        RiskReview,
        ref=chance.ref(),
        person_id=person,
        assessed_on=on,
        score=score,
        level=levels[1] if raised else proposed(score),
        raised_because=chance.word("risk_raised") if raised else None,
        action=chance.maybe(0.4, "risk_action"),
        review_on=next_review(on),
        account_id=by,
        recorded_at=clock.start_of_day(on) + timedelta(hours=15),
    )
