"""Volunteers of the demonstration who have moved on over the years: for how long, and why."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Debrief,
    GroupSession,
    Placement,
    PlacementRole,
    SessionState,
    Stage,
    StageChange,
    Volunteer,
    VolunteerPresence,
)
from services import clock
from services.demo.cast import phone
from services.demo.chance import Chance
from services.demo.sink import Sink

# Where she moved on from, why, how many days ago, and for how long she was active before. So many
# that the curve of staying falls below a half; one reason is common, and nobody left while she
# applied, so that whoever sees no small number sees how many left and how many got through.
_LEFT = (
    (Stage.ACTIVE, "done", 5, 610), (Stage.ACTIVE, "work_or_study", 8, 330),
    (Stage.ACTIVE, "done", 11, 780), (Stage.ACTIVE, "done", 14, 420),
    (Stage.ACTIVE, "done", 18, 950), (Stage.ACTIVE, "time", 130, 60),
    (Stage.ACTIVE, "health", 240, 240), (Stage.ACTIVE, "moved_away", 390, 150),
    (Stage.CHECKS, "time", 60, 0), (Stage.TRAINING, "moved_away", 150, 0),
)  # fmt: skip
_LATELY = 20  # whoever left within these days was asked how she was, and helped, until then
_WAY = tuple(stage for stage in Stage if stage not in (Stage.STEPPED_BACK, Stage.MOVED_ON))
_ASKED = timedelta(weeks=24)
_HELPED = (timedelta(days=340), timedelta(days=21))  # later, the debriefs are there already
_SESSIONS_A_GROUP = 8
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Former:
    """One of them who left lately: her number, and until when she was active."""

    number: int
    until: date


def write(
    sink: Sink, chance: Chance, *, coordinator: int, supervisor: int, today: date
) -> tuple[Former, ...]:
    """Add them, with how they came and went; those who left lately are given back."""
    lately = []
    for stage, because, ago, active in _LEFT:
        left = today - timedelta(days=ago)
        number = _add(sink, chance, left, coordinator)
        moves = list(_moves(chance, stage, left, active))
        for before, (after, on) in zip((None, *(to for to, _on in moves)), moves, strict=False):
            sink.add(
                StageChange,
                volunteer_id=number,
                from_stage=before,
                to_stage=after,
                changed_on=on,
                account_id=coordinator,
                because=because if after is Stage.MOVED_ON else None,
            )
        if ago <= _LATELY:
            _check_ins(sink, chance, number, supervisor, left, today)
            lately.append(Former(number, left))
    return tuple(lately)


def helped(
    db: Session, sink: Sink, chance: Chance, lately: tuple[Former, ...], today: date
) -> None:
    """Sessions of the last year at which two of them were.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    for order, (group, sessions) in enumerate(_sessions(db, today).items()):
        days = [clock.local(session.starts_at).date() for session in sessions]
        two = [lately[(order + more) % len(lately)] for more in (0, 2)]
        for one in two:
            sink.add(
                Placement,
                ref=chance.ref(),
                volunteer_id=one.number,
                group_id=group,
                role=PlacementRole.WELCOME,
                starts_on=days[0],
                ends_on=days[-1],
            )
        for session in sessions:
            _debrief(sink, chance, session, [one.number for one in two])


def _add(sink: Sink, chance: Chance, left: date, coordinator: int) -> int:
    first_name = chance.word("woman")
    return sink.add(
        Volunteer,
        ref=chance.ref(),
        first_name=first_name,
        last_name=chance.word("surname"),
        phone=phone(chance) if chance.happens(0.5) else None,
        stage=Stage.MOVED_ON,
        stage_since=left,
        owner_id=coordinator,
        created_at=clock.start_of_day(left) - timedelta(days=900),
    )


def _moves(chance: Chance, stage: Stage, left: date, active: int) -> Iterator[tuple[Stage, date]]:
    """Every stage on the way up to hers, a few weeks apart, and the day she moved on."""
    last = Stage.ACTIVE if active else stage
    way = _WAY[: _WAY.index(last) + 1]
    day = left - timedelta(days=active or chance.randint(10, 40))
    days = [day]
    for _stage in way[1:]:
        day -= timedelta(days=chance.randint(7, 40))
        days.append(day)
    yield from zip(way, reversed(days), strict=True)
    if stage is Stage.STEPPED_BACK:
        yield stage, left - timedelta(days=30)
    yield Stage.MOVED_ON, left


def _check_ins(sink: Sink, chance: Chance, number: int, by: int, left: date, today: date) -> None:
    on = left - timedelta(days=chance.randint(1, 6))
    while on > today - _ASKED:
        sink.add(
            CheckIn,
            ref=chance.ref(),
            volunteer_id=number,
            at=clock.start_of_day(on) + _NOON,
            heaviness=chance.choice((1, 2, 2, 3, 3, 3, 4)),
            account_id=by,
        )
        on -= timedelta(days=chance.randint(6, 9))


def _sessions(db: Session, today: date) -> dict[int, list[GroupSession]]:
    """The first sessions of each group in the time in which they helped."""
    first, last = (clock.start_of_day(today - ago) for ago in _HELPED)
    query = (
        select(GroupSession)
        .outerjoin(Debrief, Debrief.session_id == GroupSession.id)
        .where(
            GroupSession.starts_at.between(first, last),
            GroupSession.state == SessionState.HELD,
            GroupSession.finished_by_id.is_not(None),
            Debrief.id.is_(None),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(400)
    )
    found: defaultdict[int, list[GroupSession]] = defaultdict(list)
    for session in db.scalars(query):
        if len(found[session.group_id]) < _SESSIONS_A_GROUP:
            found[session.group_id].append(session)
    return found


def _debrief(sink: Sink, chance: Chance, session: GroupSession, volunteers: list[int]) -> None:
    debrief = sink.add(
        Debrief,
        session_id=session.id,
        at=session.ends_at + timedelta(minutes=20),
        account_id=session.finished_by_id,
        minutes=15,
    )
    for volunteer in volunteers:
        if chance.happens(0.8):
            sink.add(
                VolunteerPresence,
                debrief_id=debrief,
                volunteer_id=volunteer,
                heard_hard=chance.happens(0.15),
            )
