"""Children of the demonstration: who may collect each, who must not, and who did lately."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Collected,
    Collector,
    GroupSession,
    Mark,
    Person,
    PersonKind,
    Place,
)
from services import clock
from services.attendance import AttendanceCode
from services.demo.chance import Chance
from services.demo.sink import Sink

_LATELY = timedelta(days=21)
_NOTED, _BARRED, _HAS_WORD = 0.9, 0.15, 0.5
_RELATIONS = ("grandmother", "aunt", "neighbour", "mother's friend")
_WORDS = ("bluebell", "teapot", "lantern", "marmalade", "kingfisher")
_THERE = [code.value for code in AttendanceCode if code.attended]


def write(db: Session, sink: Sink, chance: Chance, *, by: int, today: date) -> None:
    """For each child who came in the last three weeks. Reads what is in the database already."""
    query = (
        select(GroupSession.id, GroupSession.ends_at, Mark.changed_by_id, Place.id, Person.id)
        .join(Mark, Mark.session_id == GroupSession.id)
        .join(Place, Place.id == Mark.place_id)
        .join(Person, Person.id == Place.person_id)
        .where(
            GroupSession.starts_at > clock.start_of_day(today - _LATELY),
            GroupSession.starts_at < clock.start_of_day(today),
            Person.kind == PersonKind.CHILD,
            Mark.code.in_(_THERE),
        )
        .order_by(GroupSession.starts_at, Place.id)
    )
    listed: dict[int, int] = {}
    for session, ended, account, place, child in db.execute(query).all():
        if child not in listed:
            listed[child] = _list(sink, chance, child, by=by, today=today)
        if chance.happens(_NOTED):
            sink.add(
                Collected, session_id=session, place_id=place, collector_id=listed[child],
                at=ended, account_id=account,
            )  # fmt: skip


def _list(sink: Sink, chance: Chance, child: int, *, by: int, today: date) -> int:
    """Somebody who may collect, and now and then somebody who must not; gives the first."""
    first = _one(sink, chance, child, may=True, by=by, today=today)
    if chance.happens(_BARRED):
        _one(sink, chance, child, may=False, by=by, today=today)
    return first


def _one(sink: Sink, chance: Chance, child: int, *, may: bool, by: int, today: date) -> int:
    return sink.add(
        Collector,
        ref=chance.ref(),
        person_id=child,
        name=f"{chance.word('woman' if may else 'man')} {chance.word('surname')}",
        relation=chance.choice(_RELATIONS) if may else None,
        may_collect=may,
        agreed_word=chance.choice(_WORDS) if may and chance.happens(_HAS_WORD) else None,
        noted_at=clock.start_of_day(today - 2 * _LATELY),
        noted_by_id=by,
    )
