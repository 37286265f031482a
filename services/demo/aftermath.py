"""After the sessions of the last weeks: calls, debriefs, checklists, and a register reopened."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    CallState,
    ContactAttempt,
    ContactOutcome,
    CoveredTopic,
    Covering,
    Debrief,
    Group,
    GroupSession,
    Mark,
    Place,
    Placement,
    RegisterAmendment,
    RegisterReopening,
    Route,
    SessionReflection,
    SessionTick,
    VolunteerPresence,
    WelfareCall,
)
from services import clock
from services.attendance import UNEXPLAINED
from services.concerns import risk
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.programmes.programme_library import shipped
from services.registers.session_steps import phases
from services.registers.welfare.rules import due_on

_LATELY = timedelta(days=21)
_STILL_OWED = timedelta(days=9)  # what is older has long been dealt with
_DONE_AFTER = timedelta(hours=2)
_AS_PLANNED, _DEBRIEFED, _TICKED, _THERE = 0.85, 0.8, 0.85, 0.8
_HARD = 0.3
_LOOKED_BACK = 0.4


@dataclass(frozen=True, slots=True)
class _Held:
    """One session that has taken place."""

    number: int
    group: int
    programme: str
    topic: str
    began: datetime
    ended: datetime
    finished_at: datetime
    by: int


def write(db: Session, sink: Sink, chance: Chance, *, today: date) -> None:
    """Everything of the sessions of the last three weeks; the rest is taken as dealt with.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    sessions = _sessions(db, today)
    for held in sessions:
        _ticks(sink, chance, held)
        _covered(sink, chance, held)
        _debrief(db, sink, chance, held)
        _reflection(sink, chance, held)
    _calls(db, sink, chance, sessions, today)
    _reopened(db, sink, sessions)


def _sessions(db: Session, today: date) -> list[_Held]:
    begins = clock.start_of_day(today)
    query = (
        select(
            GroupSession.id, GroupSession.group_id, Group.programme, GroupSession.topic,
            GroupSession.starts_at, GroupSession.ends_at, GroupSession.finished_at,
            GroupSession.finished_by_id,
        )
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            GroupSession.starts_at > begins - _LATELY,
            GroupSession.starts_at < begins,
            GroupSession.finished_by_id.is_not(None),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )  # fmt: skip
    return [
        _Held(
            row.id, row.group_id, row.programme, row.topic, row.starts_at, row.ends_at,
            row.finished_at, row.finished_by_id,
        )
        for row in db.execute(query)
    ]  # fmt: skip


def _ticks(sink: Sink, chance: Chance, held: _Held) -> None:
    for step in (step for phase in phases() for step in phase.steps):
        if chance.happens(_TICKED):
            sink.add(
                SessionTick, session_id=held.number, step=step.key, at=held.ended,
                account_id=held.by,
            )  # fmt: skip


def _covered(sink: Sink, chance: Chance, held: _Held) -> None:
    others = [topic for topic in shipped()[held.programme].topics if topic != held.topic]
    as_planned = chance.happens(_AS_PLANNED)
    sink.add(
        CoveredTopic,
        session_id=held.number,
        covering=Covering.PLANNED if as_planned else Covering.ANOTHER,
        topic=None if as_planned else chance.choice(others),
        at=held.ended,
        account_id=held.by,
    )


def _reflection(sink: Sink, chance: Chance, held: _Held) -> None:
    if not chance.happens(_LOOKED_BACK):
        return
    sink.add(
        SessionReflection,
        session_id=held.number,
        account_id=held.by,
        at=held.ended,
        form_version=1,
        answers={
            "facilitator_plan": chance.choice([2, 3, 4]),
            "facilitator_room": chance.choice([3, 4]),
            "facilitator_voices": chance.choice([2, 3]),
            "facilitator_next": "Leave more time for the closing round.",
        },
    )


def _debrief(db: Session, sink: Sink, chance: Chance, held: _Held) -> None:
    if not chance.happens(_DEBRIEFED):
        return
    debrief = sink.add(
        Debrief,
        session_id=held.number,
        at=held.ended + timedelta(minutes=20),
        account_id=held.by,
        minutes=chance.randint(2, 4) * 5,
        note=chance.maybe(0.4, "debrief"),
    )
    on = held.began.date()
    placed = select(Placement.volunteer_id).distinct().where(
        Placement.group_id == held.group, Placement.starts_on <= on,
        Placement.ends_on.is_(None) | (Placement.ends_on >= on),
    )  # fmt: skip
    for volunteer in db.scalars(placed.order_by(Placement.volunteer_id)).all():
        if chance.happens(_THERE):
            sink.add(
                VolunteerPresence,
                debrief_id=debrief,
                volunteer_id=volunteer,
                heard_hard=chance.happens(_HARD),
            )


def _calls(db: Session, sink: Sink, chance: Chance, sessions: list[_Held], today: date) -> None:
    by_number = {held.number: held for held in sessions}
    query = (
        select(Mark.session_id, Place.id, Place.person_id)
        .join(Place, Place.id == Mark.place_id)
        .where(Mark.session_id.in_(by_number), Mark.code.in_([code.value for code in UNEXPLAINED]))
        .order_by(Mark.session_id, Place.id)
    )
    rows = db.execute(query).all()
    urgent = risk.at_high(db, [row.person_id for row in rows])
    for session, place, person in rows:
        held = by_number[session]
        _call(sink, chance, held, place, person, is_urgent=person in urgent, today=today)


def _call(
    sink: Sink, chance: Chance, held: _Held, place: int, person: int, *, is_urgent: bool,
    today: date,
) -> None:  # fmt: skip
    missed = clock.local(held.began).date()
    still_owed = today - missed < _STILL_OWED
    called_at = held.ended + _DONE_AFTER
    outcome = ContactOutcome.NO_ANSWER if still_owed else ContactOutcome.SPOKE
    tries = chance.randint(0, 1) if still_owed else 1
    sink.add(
        WelfareCall,
        ref=chance.ref(),
        session_id=held.number,
        place_id=place,
        missed_on=missed,
        due_on=due_on(missed, is_urgent=is_urgent),
        is_urgent=is_urgent,
        state=CallState.OPEN if still_owed else CallState.REACHED,
        tries=tries,
        opened_at=held.finished_at,
        closed_at=None if still_owed else called_at,
        closed_by_id=None if still_owed else held.by,
    )
    if tries:
        sink.add(
            ContactAttempt, ref=chance.ref(), person_id=person, at=called_at, route=Route.CALL,
            outcome=outcome, account_id=held.by,
        )  # fmt: skip


def _reopened(db: Session, sink: Sink, sessions: list[_Held]) -> None:
    """In the latest finished register one mark was put right the same evening."""
    if not sessions:
        return
    held = sessions[-1]
    mark = db.execute(
        select(Mark.place_id, Mark.code, Mark.minutes)
        .where(Mark.session_id == held.number, Mark.code == "A")
        .order_by(Mark.id)
    ).first()
    if mark is None:
        return
    at = held.finished_at + timedelta(minutes=30)
    sink.add(
        RegisterReopening, session_id=held.number, at=at, account_id=held.by,
        reason="A text had come that morning: it was apologies.", was_locked=False,
        finished_at=held.finished_at, finished_by_id=held.by,
    )  # fmt: skip
    sink.add(
        RegisterAmendment, session_id=held.number, place_id=mark.place_id,
        at=at + timedelta(minutes=1), account_id=held.by, code_before="D", code_after="A",
    )  # fmt: skip
    again = at + timedelta(minutes=2)
    theirs = GroupSession.id == held.number
    db.execute(update(GroupSession).where(theirs).values(reopened=1, finished_at=again))
