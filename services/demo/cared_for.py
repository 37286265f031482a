"""How the demonstration's volunteers are supported, when they can come and what they would like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AvailabilityException,
    CheckIn,
    PlacementRole,
    Stage,
    SupervisionKind,
    SupervisionSession,
    SupervisorAbsence,
    Volunteer,
    VolunteerSupport,
    VolunteerWishes,
    WeeklyHours,
)
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink

_NOON = timedelta(hours=12)
_WISHED = [role for role in PlacementRole if role is not PlacementRole.SHADOWING]
_HOURS = ((9 * 60, 13 * 60), (12 * 60, 18 * 60), (15 * 60, 21 * 60))
_AWAY = (timedelta(days=10), timedelta(days=24))  # when the first supervisor's leave is, from today
_TURNS = (0, 1, 0, 2, None)  # whose turn it is to supervise, one after the other; or nobody yet
_BEHIND = (1, 3)  # whose support is behind


@dataclass(frozen=True, slots=True)
class _Helper:
    number: int
    stage: Stage
    since: date


def write(
    db: Session, sink: Sink, chance: Chance, supervisors: Sequence[int], *, today: date
) -> None:
    """Support and hours of everybody who trains, shadows or is active.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    query = select(Volunteer.id, Volunteer.stage, Volunteer.stage_since).where(
        Volunteer.stage.in_((Stage.TRAINING, Stage.SHADOWING, Stage.ACTIVE))
    )
    helpers = [_Helper(*row) for row in db.execute(query.order_by(Volunteer.id))]
    for helper in helpers:
        _hours(sink, chance, helper, today)
        _wishes(sink, chance, helper)
    with_groups = [helper for helper in helpers if helper.stage is not Stage.TRAINING]
    with_groups.sort(key=lambda helper: helper.stage is not Stage.ACTIVE)
    for position, helper in enumerate(with_groups):
        turn = _TURNS[position % len(_TURNS)]
        if turn is not None:
            by = supervisors[turn]
            sink.add(VolunteerSupport, volunteer_id=helper.number, supervisor_id=by)
            if helper.stage is Stage.ACTIVE:
                _meetings(sink, chance, helper, by, today, is_kept=position not in _BEHIND)
            _check_ins(sink, chance, helper, by, today)
    sink.add(
        SupervisorAbsence,
        ref=chance.ref(),
        account_id=supervisors[0],
        stand_in_id=supervisors[1],
        starts_on=today + _AWAY[0],
        ends_on=today + _AWAY[1],
    )


def _hours(sink: Sink, chance: Chance, helper: _Helper, today: date) -> None:
    for weekday in sorted(chance.sample(range(6), chance.randint(1, 3))):
        starts, ends = chance.choice(_HOURS)
        sink.add(WeeklyHours, volunteer_id=helper.number, weekday=weekday, starts=starts, ends=ends)
    if chance.happens(0.3):
        first = today + timedelta(days=chance.randint(7, 40))
        sink.add(
            AvailabilityException,
            ref=chance.ref(),
            volunteer_id=helper.number,
            starts_on=first,
            ends_on=first + timedelta(days=chance.randint(2, 10)),
        )


def _wishes(sink: Sink, chance: Chance, helper: _Helper) -> None:
    sink.add(
        VolunteerWishes,
        volunteer_id=helper.number,
        most_a_month=chance.choice((None, 4, 6)),
        weeks_between=4,
        groups_at_once=1,
        roles=[role.value for role in chance.sample(_WISHED, chance.randint(1, 2))],
        languages=[chance.word("language")] if chance.happens(0.3) else [],
        skills=chance.maybe(0.5, "skill"),
        avoids=chance.maybe(0.3, "avoid"),
    )


def _meetings(
    sink: Sink, chance: Chance, helper: _Helper, by: int, today: date, *, is_kept: bool
) -> None:
    """One to one every two weeks since she became active, and the others in their time; where it
    is not kept, the latest is missing, and so are the others."""
    last = today if is_kept else today - timedelta(days=14)
    held_on = helper.since
    while held_on <= last:
        _meeting(sink, chance, helper, by, held_on, SupervisionKind.ONE_TO_ONE)
        held_on += timedelta(days=chance.randint(11, 14))
    for kind in (SupervisionKind.REFLECTIVE_GROUP, SupervisionKind.REVIEW):
        if is_kept:
            held_on = max(today - timedelta(days=chance.randint(3, 20)), helper.since)
            _meeting(sink, chance, helper, by, held_on, kind)


def _meeting(
    sink: Sink, chance: Chance, helper: _Helper, by: int, held_on: date, kind: SupervisionKind
) -> None:
    sink.add(
        SupervisionSession,
        ref=chance.ref(),
        volunteer_id=helper.number,
        held_on=held_on,
        kind=kind,
        note=chance.maybe(0.7, "supervision"),
        account_id=by,
        recorded_at=clock.start_of_day(held_on) + _NOON,
    )


def _check_ins(sink: Sink, chance: Chance, helper: _Helper, by: int, today: date) -> None:
    on = today - timedelta(days=chance.randint(2, 6))
    while on >= helper.since:
        sink.add(
            CheckIn,
            ref=chance.ref(),
            volunteer_id=helper.number,
            at=clock.start_of_day(on) + _NOON,
            heaviness=chance.choice((1, 2, 2, 3, 3, 4)),
            words=chance.maybe(0.6, "check_in"),
            account_id=by,
        )
        on -= timedelta(days=chance.randint(5, 9))
