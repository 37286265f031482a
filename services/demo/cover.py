"""What is on record about the facilitators: training, checks, days away; with gaps to settle."""

from collections.abc import Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from models import SessionCover, StaffAbsence, StaffCheck, StaffTraining
from services import clock
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink
from services.demo.staff import Staff

_AWAY = (timedelta(days=5), timedelta(days=11))
# How a session that was held could have stood: light, adults, needed, and what was missing.
_STOOD = ((2, 1, 2, ["ratio", "away"]), (1, 2, 2, ["away"]), (1, 2, 2, ["training"]))
_SHORT = 0.06
_LATELY = timedelta(weeks=26)
_RUN_OUT = 1  # whose check has run out: the second facilitator


def keep(
    sink: Sink, chance: Chance, courses: Sequence[Course], staff: Staff, *, today: date
) -> None:
    """Who leads a group is trained for its programme, but for one programme nobody wrote down."""
    led = sorted({(course.lead, course.run.programme.key) for course in courses})
    for account, programme in led[1:]:
        trained_on = today - relativedelta(months=chance.randint(2, 30))
        valid_until = trained_on + relativedelta(years=3) if chance.happens(0.5) else None
        sink.add(
            StaffTraining,
            account_id=account,
            programme=programme,
            trained_on=trained_on,
            valid_until=valid_until,
        )
    for number, account in enumerate(staff.facilitators):
        years_ago = 3 if number == _RUN_OUT else 1
        checked_on = today - relativedelta(years=years_ago, days=10)
        sink.add(
            StaffCheck,
            account_id=account,
            checked_on=checked_on,
            check_again_on=checked_on + relativedelta(years=3),
        )
    _ran_short(sink, chance, courses, today=today)
    first, last = (today + later for later in _AWAY)
    sink.add(
        StaffAbsence,
        ref=chance.ref(),
        account_id=staff.facilitators[_RUN_OUT],
        first_on=first,
        last_on=last,
    )


def _ran_short(sink: Sink, chance: Chance, courses: Sequence[Course], *, today: date) -> None:
    """A few sessions of the last half year were held with somebody missing."""
    for course in courses:
        for number in course.run.held_numbers:
            day = course.run.met_on(number)
            if today - _LATELY <= day < today and chance.happens(_SHORT):
                light, adults, needed, rules = chance.choice(_STOOD)
                sink.add(
                    SessionCover,
                    session_id=course.sessions[number],
                    day=day,
                    judged_at=clock.start_of_day(day) + timedelta(hours=18),
                    light=light,
                    adults=adults,
                    needed=needed,
                    rules=rules,
                )
