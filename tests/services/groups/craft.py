"""Twelve Tuesdays to change, and the steps that tests of groups share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, Mark, Place
from services.attendance import AttendanceCode as Code
from services.errors import AppError
from services.groups.schedules import changing
from services.groups.schedules.parts import Change
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from tests.make import session_of

FIRST = date(2026, 9, 15)  # the day before the one on which time stands still
AT_ONCE = 4


def change(db: Session, actor: Actor, group: Group, wanted: Change, **more: str) -> None:
    seen = changing.preview(db, actor, group.ref, wanted).version
    changing.apply(db, actor, group.ref, wanted, version=seen, **more)


def tap(db: Session, ben: Actor, place: Place, session: GroupSession, code: Code) -> None:
    new = NewMark(tap=f"{place.ref}{session.ref}{code}", place_ref=place.ref, code=code)
    (taken,) = marking.mark(db, ben, session.ref, [new])
    assert taken.saved


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def ref_of(db: Session, group: Group, number: int) -> str:
    return session_of(db, group, number).ref


def codes(db: Session, session: GroupSession) -> list[str | None]:
    return list(db.scalars(select(Mark.code).where(Mark.session_id == session.id)))


def rows(db: Session, group: Group) -> list[GroupSession]:
    query = select(GroupSession).where(GroupSession.group_id == group.id)
    return list(db.scalars(query.order_by(GroupSession.starts_at)))


def together(*acts: Callable[[], object]) -> list[object]:
    """Run them at the same time; an expected refusal is an answer like any other."""

    def answer(act: Callable[[], object]) -> object:
        try:
            return act()
        except AppError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(answer, acts))
