"""Two pairs that are kept apart in the demonstration, neither of them in one group now."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import chain, pairwise

from models import Conflict, GroupState, Strength
from services import clock
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink

_UNDER_WAY = (GroupState.RECRUITING, GroupState.CONFIRMED, GroupState.RUNNING, GroupState.PAUSED)
Seated = list[list[tuple[int, ...]]]


def write(
    sink: Sink, chance: Chance, courses: list[Course], seated: Seated, *, by: int, today: date
) -> None:
    """One pair that must not meet, of two groups under way, and one to be weighed."""
    carers = [
        [seat[0] for seat in people]
        for course, people in zip(courses, seated, strict=True)
        if course.run.state in _UNDER_WAY and people
    ]
    groups_of = Counter(chain.from_iterable(carers))
    # Each in one group only, so that they cannot meet in another.
    alone = [[carer for carer in group if groups_of[carer] == 1] for group in carers]
    apart = [pair for here, there in pairwise(alone) for pair in zip(here, there, strict=False)]
    strengths = (Strength.HARD, Strength.SOFT)
    for days, (strength, (first, second)) in enumerate(zip(strengths, apart[::3], strict=False)):
        recorded = today - timedelta(days=20 + 30 * days)
        sink.add(
            Conflict,
            ref=chance.ref(),
            person_id=first,
            other_person_id=second,
            strength=strength,
            reason=chance.word(f"conflict_{strength.value}"),
            recorded_at=datetime.combine(recorded, time(15), clock.LONDON),
            recorded_by_id=by,
        )
