"""What facilitators of the demonstration saw of children lately, and what happened meanwhile."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Facilitation,
    GroupSession,
    LifeEvent,
    Mark,
    Observation,
    Person,
    PersonKind,
    Place,
)
from services import clock
from services.attendance import AttendanceCode
from services.children.child_prompts import prompts
from services.children.child_steps import TOP_STEP, strand_labels
from services.children.life_events import event_kinds
from services.demo.chance import Chance
from services.demo.sink import Sink

_LATELY = timedelta(weeks=12)
_ATTENDED = [code.value for code in AttendanceCode if code.attended]
_NOTED, _NOT_SEEN, _WORDS, _HAPPENED = 0.7, 0.12, 0.5, 0.7
_AFTERWARDS = timedelta(hours=3)


class _There(NamedTuple):
    place: int
    person: int
    session: int
    number: int
    began: datetime
    lead: int


def write(db: Session, sink: Sink, chance: Chance, *, today: date) -> None:
    """Notes of the last weeks on children who came, and an event in the lives of some.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    there = _there(db, today)
    for one in there:
        if chance.happens(_NOTED):
            _note(sink, chance, one)
    for person, lead in sorted({(one.person, one.lead) for one in there}):
        if chance.happens(_HAPPENED):
            _event(sink, chance, person, lead, today)


def _there(db: Session, today: date) -> list[_There]:
    begins = clock.start_of_day(today)
    query = (
        select(
            Place.id, Person.id, GroupSession.id, GroupSession.number, GroupSession.starts_at,
            Facilitation.account_id,
        )
        .select_from(GroupSession)
        .join(Mark, Mark.session_id == GroupSession.id)
        .join(Place, Place.id == Mark.place_id)
        .join(Person, Person.id == Place.person_id)
        .join(Facilitation, Facilitation.group_id == GroupSession.group_id)
        .where(
            GroupSession.starts_at > begins - _LATELY,
            GroupSession.starts_at < begins,
            Mark.code.in_(_ATTENDED),
            Person.kind == PersonKind.CHILD,
            Facilitation.is_lead,
        )
        .order_by(GroupSession.starts_at, Place.id)
    )  # fmt: skip
    return [_There(*row) for row in db.execute(query)]


def _note(sink: Sink, chance: Chance, one: _There) -> None:
    step = round(chance.around(1 + one.number / 5, 0.8, 0, TOP_STEP))
    sink.add(
        Observation,
        place_id=one.place,
        session_id=one.session,
        account_id=one.lead,
        strand=chance.choice(list(strand_labels())),
        step=None if chance.happens(_NOT_SEEN) else step,
        words=chance.maybe(_WORDS, "seen") or "",
        prompts_version=prompts().version,
        version=1,
        noted_at=one.began + _AFTERWARDS,
    )


def _event(sink: Sink, chance: Chance, person: int, by: int, today: date) -> None:
    happened = today - timedelta(days=chance.randrange(7, 60))
    sink.add(
        LifeEvent,
        ref=chance.ref(),
        person_id=person,
        happened_on=happened,
        kind=chance.choice(list(event_kinds())[:-1]),
        words=chance.maybe(_WORDS, "life_event"),
        noted_at=clock.start_of_day(happened) + timedelta(days=1),
        account_id=by,
    )
