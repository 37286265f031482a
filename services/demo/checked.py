"""Checks and training of the demonstration's volunteers: most in date, some to be renewed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CheckDecision,
    CheckLevel,
    Course,
    DbsCheck,
    DisclosureTalk,
    Referee,
    RefereeContext,
    RightToVolunteer,
    Stage,
    Training,
    Workforce,
)
from services import clock
from services.demo.chance import Chance
from services.demo.helpers import Helper
from services.demo.sink import Sink
from services.volunteers.training import hours
from services.volunteers.vetting.retention import KEPT

_TRAINED = (Stage.SHADOWING, Stage.ACTIVE, Stage.STEPPED_BACK, Stage.MOVED_ON)
_CHECKED = (Stage.TRAINING, *_TRAINED)
# Of those active, in turn: how many days from today the check counts.
_LEFT = (20, 75, 500, -20)
_RECHECK = relativedelta(months=36)


def write(
    db: Session,
    sink: Sink,
    chance: Chance,
    volunteers: Mapping[Stage, Sequence[Helper]],
    *,
    coordinator: int,
    today: date,
) -> None:
    """What each has by her stage."""
    courses = list(db.scalars(select(Course).order_by(Course.position)))
    active = 0
    by_number = sorted(
        ((helper.number, stage) for stage, several in volunteers.items() for helper in several),
        key=itemgetter(0),
    )
    for volunteer, stage in by_number:
        if stage is Stage.CHECKS or stage in _CHECKED:
            _referees(sink, chance, volunteer, coordinator, today, done=stage in _CHECKED)
        if stage is Stage.CHECKS:
            _asked(sink, chance, volunteer, today)
        elif stage in _CHECKED:
            left = (
                _LEFT[active % len(_LEFT)] if stage is Stage.ACTIVE else chance.randint(1000, 1060)
            )
            active += stage is Stage.ACTIVE
            _checked(sink, chance, volunteer, coordinator, today + timedelta(days=left), today)
            _right(sink, chance, volunteer, coordinator, today)
        if stage in _CHECKED:
            taken = courses if stage in _TRAINED else courses[:3]
            _train(sink, chance, volunteer, taken, coordinator, today)
    _talk(sink, chance, by_number, coordinator, today)


def _referees(
    sink: Sink, chance: Chance, volunteer: int, by: int, today: date, *, done: bool
) -> None:
    asked = today - timedelta(days=chance.randint(20, 120))
    for context in (RefereeContext.WORK, RefereeContext.COMMUNITY):
        first, last = chance.word("woman"), chance.word("surname")
        came = done or context is RefereeContext.WORK
        answered = asked + timedelta(days=chance.randint(3, 15))
        sink.add(
            Referee,
            ref=chance.ref(),
            volunteer_id=volunteer,
            name=f"{first} {last}",
            contact=f"{first}.{last}@example.org".lower(),
            context=context,
            known_years=chance.randint(2, 12),
            asked_on=asked,
            chased_on=None if came else asked + timedelta(days=14),
            received_on=answered if came else None,
            is_enough=True if came else None,
            decided_on=answered if came else None,
            decided_by_id=by if came else None,
            reason=chance.word("reference_reason") if came else None,
        )


def _asked(sink: Sink, chance: Chance, volunteer: int, today: date) -> None:
    sink.add(
        DbsCheck,
        ref=chance.ref(),
        volunteer_id=volunteer,
        role="children_alongside",
        level=CheckLevel.ENHANCED,
        workforce=Workforce.BOTH,
        with_barred_list=False,
        asked_on=today - timedelta(days=chance.randint(5, 25)),
        is_current=False,
    )


def _checked(sink: Sink, chance: Chance, volunteer: int, by: int, until: date, today: date) -> None:
    """A check that counts until a day: its details are gone where that was long ago."""
    issued = until - _RECHECK
    seen = min(issued + timedelta(days=9), today)
    removed = seen + KEPT if seen + KEPT <= today else None
    sink.add(
        DbsCheck,
        ref=chance.ref(),
        volunteer_id=volunteer,
        role="children_alongside",
        level=CheckLevel.ENHANCED,
        workforce=Workforce.BOTH,
        with_barred_list=False,
        asked_on=issued - timedelta(days=30),
        number=None if removed else f"00{chance.randint(10**9, 10**10 - 1)}",
        issued_on=issued,
        seen_on=seen,
        seen_by_id=by,
        counts_from=issued,
        decision=CheckDecision.CLEARED,
        decided_on=seen,
        decided_by_id=by,
        reason=None if removed else chance.word("check_reason"),
        is_current=True,
        details_removed_on=removed,
    )


def _right(sink: Sink, chance: Chance, volunteer: int, by: int, today: date) -> None:
    ends = today + timedelta(days=chance.randint(60, 900)) if chance.happens(0.3) else None
    sink.add(
        RightToVolunteer,
        ref=chance.ref(),
        volunteer_id=volunteer,
        seen_on=today - timedelta(days=chance.randint(60, 200)),
        seen_by_id=by,
        valid_until=ends,
    )


def _train(
    sink: Sink, chance: Chance, volunteer: int, courses: list[Course], by: int, today: date
) -> None:
    for course in courses:
        held = today - timedelta(days=chance.randint(30, 690))
        sink.add(
            Training,
            ref=chance.ref(),
            volunteer_id=volunteer,
            course_id=course.id,
            held_on=held,
            minutes=course.minutes,
            expires_on=hours.counts_until(held, course.refresh_months),
            recorded_by_id=by,
            recorded_at=clock.start_of_day(held) + timedelta(hours=17),
            is_latest=True,
        )


def _talk(
    sink: Sink, chance: Chance, volunteers: list[tuple[int, Stage]], by: int, today: date
) -> None:
    """One conversation, to show that it is no automatic no."""
    trained = [volunteer for volunteer, stage in volunteers if stage is Stage.ACTIVE]
    for volunteer in trained[-1:]:
        sink.add(
            DisclosureTalk,
            ref=chance.ref(),
            volunteer_id=volunteer,
            talked_on=today - timedelta(days=40),
            decided_by_id=by,
            told=chance.word("talk_told"),
            decision=CheckDecision.ARRANGEMENTS,
            agreed=chance.word("talk_agreed"),
        )
