"""The register of a session as it is read: everybody on it, with marks, needs and alerts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Collector,
    GroupSession,
    Mark,
    Person,
    PersonKind,
    Place,
    RiskReview,
    SessionState,
)
from services import audit, clock
from services.attendance import AttendanceCode
from services.concerns import risk
from services.people.people import full_name, needs
from services.permissions import Actor, Permission
from services.registers import register_locking as locking
from services.registers.collecting.on_register import Collecting, of_children
from services.registers.who_is_on import DAY, find_session, on_day, on_register, unseen
from services.short_lists import once
from services.unchanged import while_unchanged
from services.visibility import visible_places, visible_sessions


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the register. `by` names who made the mark, when it was somebody else."""

    place_ref: str
    edition: int  # another one says that more may have changed than marks
    name: str
    is_child: bool
    code: AttendanceCode | None
    minutes: int | None
    version: int
    by: str | None
    needs: tuple[str, ...]
    alert: str | None
    is_high_risk: bool
    collecting: Collecting | None  # of a child


@dataclass(frozen=True, slots=True)
class Register:
    """A session with everybody expected at it; times as the clock on the wall shows them."""

    session_ref: str
    group_ref: str
    code_name: str
    number: int
    sessions: int
    topic: str
    starts: datetime
    ends: datetime
    is_cancelled: bool
    finished_at: datetime | None
    finished_by: str | None
    is_locked: bool
    lines: tuple[Line, ...]
    unseen: int  # how many more are expected whose records she is kept out of

    @property
    def unmarked(self) -> tuple[Line, ...]:
        """Those who have no mark yet."""
        return tuple(line for line in self.lines if line.code is None)


def view(db: Session, actor: Actor, session_ref: str) -> Register:
    """The register of a session of one of her groups; the look is written in the audit log."""
    actor.require(Permission.TAKE_REGISTER)
    register = _read(db, actor, session_ref)
    audit.viewed(db, actor, f"session:{session_ref}")
    return register


def with_marks_of_now(db: Session, actor: Actor, seen: Register) -> Register | None:
    """A register read a moment ago with the marks as they are now: one statement, no name read.

    None where more has changed than marks: then the register is to be read as a whole.
    """
    actor.require(Permission.TAKE_REGISTER)
    which = {"session": seen.session_ref, "day": seen.starts.date()}
    marks = {row.ref: row for row in db.execute(_marks_of_now(actor), which)}
    now = {ref: row.edition for ref, row in marks.items()}
    if not marks or now != {line.place_ref: line.edition for line in seen.lines}:
        return None
    return replace(seen, lines=tuple(_marked(line, marks[line.place_ref]) for line in seen.lines))


@once
def _marks_of_now(actor: Actor) -> Select[*tuple[Any, ...]]:
    mark = Mark.code, Mark.minutes, Mark.version
    return (
        select(Place.ref, _edition().label("edition"), *mark, Account.display_name)
        .join(Person, Person.id == Place.person_id)
        .join(GroupSession, GroupSession.group_id == Place.group_id)
        .outerjoin(Mark, and_(Mark.place_id == Place.id, Mark.session_id == GroupSession.id))
        .outerjoin(Account, and_(Account.id == Mark.changed_by_id, Account.id != actor.account_id))
        .where(
            GroupSession.ref == bindparam("session"),
            GroupSession.finished_at.is_(None),
            GroupSession.state != SessionState.CANCELLED,
            visible_sessions(actor),
            on_day(DAY),
            visible_places(actor),
        )
    )


def _edition() -> ColumnElement[int]:
    """A number that grows with her record, her reviews of risk and those who may collect her."""
    reviews = select(func.count()).where(RiskReview.person_id == Person.id)
    collectors = select(func.count() + func.count(Collector.ended_at)).where(
        Collector.person_id == Person.id
    )
    counts = [one.correlate(Person).scalar_subquery() for one in (reviews, collectors)]
    return Person.version + counts[0] + counts[1]


def _marked(line: Line, mark: Row[*tuple[Any, ...]]) -> Line:
    return replace(
        line,
        code=AttendanceCode(mark.code) if mark.code else None,
        minutes=mark.minutes,
        version=mark.version or 0,
        by=mark.display_name,
    )


def unmarked(db: Session, actor: Actor, held: GroupSession) -> list[str]:
    """The names of those on a session's register who have no mark yet."""
    actor.require(Permission.TAKE_REGISTER)
    return [line.name for line in _lines(db, actor, held) if line.code is None]


@while_unchanged
def _read(db: Session, actor: Actor, session_ref: str) -> Register:
    held, group = find_session(db, actor, session_ref)
    return Register(
        session_ref=held.ref,
        group_ref=group.ref,
        code_name=group.code_name,
        number=held.number,
        sessions=group.sessions_offered,
        topic=held.topic,
        starts=clock.local(held.starts_at, held.zone),
        ends=clock.local(held.ends_at, held.zone),
        is_cancelled=held.state is SessionState.CANCELLED,
        finished_at=held.finished_at,
        finished_by=_name_of(db, held.finished_by_id),
        is_locked=locking.is_locked(db, held),
        lines=_lines(db, actor, held),
        unseen=unseen(db, actor, held),
    )


def _lines(db: Session, actor: Actor, held: GroupSession) -> tuple[Line, ...]:
    query = (
        select(Place, Person, Mark, Account.display_name, _edition())
        .join(Person, Person.id == Place.person_id)
        .outerjoin(Mark, and_(Mark.place_id == Place.id, Mark.session_id == held.id))
        .outerjoin(Account, and_(Account.id == Mark.changed_by_id, Account.id != actor.account_id))
        .where(on_register(actor, held))
    )
    rows = db.execute(query).all()
    may_know = actor.may(Permission.RECORD_RISK)
    high = risk.high_among(db, actor, [row[1].id for row in rows]) if may_know else set()
    children = [row[1].id for row in rows if row[1].kind is PersonKind.CHILD]
    knows = actor.may(Permission.READ_ALERTS)
    collecting = of_children(db, actor, children) if knows else {}
    lines = [_line(actor, high, collecting.get(row[1].id), *row) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.name.casefold()))


def _line(
    actor: Actor,
    high: set[int],
    collecting: Collecting | None,
    place: Place,
    person: Person,
    mark: Mark | None,
    by: str | None,
    edition: int,
) -> Line:
    return Line(
        place_ref=place.ref,
        edition=edition,
        name=full_name(person),
        is_child=person.kind is PersonKind.CHILD,
        code=AttendanceCode(mark.code) if mark and mark.code else None,
        minutes=mark.minutes if mark else None,
        version=mark.version if mark else 0,
        by=by,
        needs=needs(person),
        alert=person.alert if actor.may(Permission.READ_ALERTS) else None,
        is_high_risk=person.id in high,
        collecting=collecting,
    )


def _name_of(db: Session, account_id: int | None) -> str | None:
    if account_id is None:
        return None
    return db.scalar(select(Account.display_name).where(Account.id == account_id))
