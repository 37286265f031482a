"""The register of a session: who is on it, finishing it and opening it again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Account,
    Group,
    GroupSession,
    GroupState,
    Mark,
    Person,
    PersonKind,
    Place,
    PlaceState,
    RegisterReopening,
    SessionState,
)
from services import audit, clock
from services.attendance import AttendanceCode
from services.concerns import risk
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.groups.safe_to_run import kept
from services.people.people import full_name, needs
from services.permissions import Actor, Permission, visible_places, visible_sessions
from services.programmes.completed_by import has_completed
from services.registers import register_locking as locking
from services.registers.collecting.on_register import Collecting, of_children
from services.registers.welfare import opening
from services.short_lists import once
from services.tallies import session_counts
from services.unchanged import while_unchanged

_DAY: BindParameter[date] = bindparam("day", type_=Date())


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the register. `by` names who made the mark, when it was somebody else."""

    place_ref: str
    name: str
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
    state: SessionState
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
    if not marks or marks.keys() != {line.place_ref for line in seen.lines}:
        return None
    lines = tuple(_marked(line, marks[line.place_ref]) for line in seen.lines)
    return replace(seen, state=next(iter(marks.values())).state, lines=lines)


@once
def _marks_of_now(actor: Actor) -> Select[*tuple[Any, ...]]:
    mark = Mark.code, Mark.minutes, Mark.version
    return (
        select(GroupSession.state, Place.ref, *mark, Account.display_name)
        .select_from(Place)
        .join(GroupSession, GroupSession.group_id == Place.group_id)
        .outerjoin(Mark, and_(Mark.place_id == Place.id, Mark.session_id == GroupSession.id))
        .outerjoin(Account, and_(Account.id == Mark.changed_by_id, Account.id != actor.account_id))
        .where(
            GroupSession.ref == bindparam("session"),
            GroupSession.finished_at.is_(None),
            visible_sessions(actor),
            _on_day(_DAY),
            visible_places(actor),
        )
    )


def _marked(line: Line, mark: Row[*tuple[Any, ...]]) -> Line:
    return replace(
        line,
        code=AttendanceCode(mark.code) if mark.code else None,
        minutes=mark.minutes,
        version=mark.version or 0,
        by=mark.display_name,
    )


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
        state=held.state,
        finished_at=held.finished_at,
        finished_by=_name_of(db, held.finished_by_id),
        is_locked=locking.is_locked(db, held),
        lines=_lines(db, actor, held),
        unseen=unseen(db, actor, held),
    )


def finish(db: Session, actor: Actor, session_ref: str) -> None:
    """Close the register once everybody has a mark. Finishing twice is finishing once.

    Whoever did not come and sent no word is owed a call. Whoever she is kept out of is not hers
    to mark: the register closes without, and that place counts as unrecorded until a colleague
    reopens it.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref, lock=True)
    if held.finished_at is not None:
        return
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is no register to finish.")
    if held.starts_at > clock.now():
        raise InvalidInputError({"register": "This session has not started yet."})
    missing = [line.name for line in _lines(db, actor, held) if line.code is None]
    if missing:
        raise InvalidInputError(
            {"register": f"{len(missing)} still without a mark: {', '.join(missing)}."}
        )
    session_counts.note_held(db, held, group)
    held.finished_at, held.finished_by_id = clock.now(), actor.account_id
    kept.keep(db, held)
    finish_group_after_last(db, group, held)
    kept_out, calls = unseen(db, actor, held), opening.owe(db, held)
    subject = f"session:{held.ref}"
    audit.record(db, actor, "register.finished", subject, unseen=kept_out, calls=calls)


def reopen(db: Session, actor: Actor, session_ref: str, *, reason: str) -> None:
    """Open a finished register again, while it is not locked; the reason is kept with it.

    Reopening twice is reopening once.
    """
    actor.require(Permission.TAKE_REGISTER)
    said = locking.checked(reason)
    held, _group = find_session(db, actor, session_ref, lock=True)
    if locking.is_locked(db, held):
        raise ConflictError(locking.LOCKED)
    _open_again(db, actor, held, said, was_locked=False)


def unlock(db: Session, actor: Actor, session_ref: str, *, reason: str) -> None:
    """Open a register again that may be locked; the reason is kept with it."""
    actor.require(Permission.UNLOCK_REGISTERS)
    said = locking.checked(reason)
    held, _group = find_session(db, actor, session_ref, lock=True)
    _open_again(db, actor, held, said, was_locked=locking.is_locked(db, held))


def find_session(
    db: Session, actor: Actor, ref: str, *, lock: bool = False
) -> tuple[GroupSession, Group]:
    """A session this reader may see, with its group; locked against other writers if asked."""
    found = db.execute(_session(actor, lock), {"session": ref}).one_or_none()
    if found is None:
        raise NotFoundError("session")
    return found


@once
def _session(actor: Actor, lock: bool) -> Select[GroupSession, Group]:
    query = (
        select(GroupSession, Group)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.ref == bindparam("session"), visible_sessions(actor))
    )
    if not lock:
        return query
    # The group as well: read beside a lock that was waited for, it would be out of date.
    return query.with_for_update().execution_options(populate_existing=True)


def on_register(actor: Actor, held: GroupSession) -> ColumnElement[bool]:
    """The places on a session's register that this reader may see."""
    return and_(expected(held), visible_places(actor))


def with_marks(
    db: Session, actor: Actor, held: GroupSession, place_refs: Collection[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of these places those on a session's register that she may see, each with its mark there."""
    actor.require(Permission.TAKE_REGISTER)
    which = {
        "session": held.id,
        "group": held.group_id,
        "day": clock.local(held.starts_at, held.zone).date(),
        "places": place_refs,
    }
    return db.execute(_with_marks(actor), which).all()


@once
def _with_marks(actor: Actor) -> Select[*tuple[Any, ...]]:
    of_session = and_(Mark.place_id == Place.id, Mark.session_id == bindparam("session"))
    return (
        select(Place, Mark)
        .outerjoin(Mark, of_session)
        .where(
            Place.ref.in_(bindparam("places", expanding=True)),
            Place.group_id == bindparam("group"),
            _on_day(_DAY),
            visible_places(actor),
        )
    )


def expected(held: GroupSession) -> ColumnElement[bool]:
    """The places that stand on a session's register: joined by then, and not yet gone."""
    return and_(
        Place.group_id == held.group_id, _on_day(clock.local(held.starts_at, held.zone).date())
    )


def _on_day(day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(
        Place.state.not_in(NEVER_TAKEN_UP),
        Place.joined_on <= day,
        or_(Place.left_on.is_(None), Place.left_on >= day),
    )


def unseen(db: Session, actor: Actor, held: GroupSession) -> int:
    """How many more are expected whose records she is kept out of."""
    query = select(func.count()).where(expected(held), not_(visible_places(actor)))
    return db.scalar(query) or 0


def _lines(db: Session, actor: Actor, held: GroupSession) -> tuple[Line, ...]:
    query = (
        select(Place, Person, Mark, Account.display_name)
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
) -> Line:
    return Line(
        place_ref=place.ref,
        name=full_name(person),
        code=AttendanceCode(mark.code) if mark and mark.code else None,
        minutes=mark.minutes if mark else None,
        version=mark.version if mark else 0,
        by=by,
        needs=needs(person),
        alert=person.alert if actor.may(Permission.READ_ALERTS) else None,
        is_high_risk=person.id in high,
        collecting=collecting,
    )


def _open_again(
    db: Session, actor: Actor, held: GroupSession, reason: str, *, was_locked: bool
) -> None:
    if held.finished_at is None:
        return
    reopening = RegisterReopening(
        session_id=held.id,
        at=clock.now(),
        account_id=actor.account_id,
        reason=reason,
        was_locked=was_locked,
        finished_at=held.finished_at,
        finished_by_id=held.finished_by_id,
    )
    db.add(reopening)
    held.finished_at, held.finished_by_id = None, None
    held.reopened += 1
    audit.record(db, actor, "register.reopened", f"session:{held.ref}", locked=was_locked)


def finish_group_after_last(db: Session, group: Group, held: GroupSession) -> None:
    """With its last register the group is finished, and those who covered enough complete."""
    still_open = select(GroupSession.id).where(
        GroupSession.group_id == group.id,
        GroupSession.id != held.id,
        GroupSession.finished_at.is_(None),
        GroupSession.state != SessionState.CANCELLED,
    )
    if db.scalar(still_open.limit(1)) is not None:
        return
    group.state = GroupState.FINISHED
    places = select(Place).where(Place.group_id == group.id, Place.state == PlaceState.STARTED)
    for place in db.scalars(places):
        if has_completed(place, group):
            place.state = PlaceState.COMPLETED


def _name_of(db: Session, account_id: int | None) -> str | None:
    if account_id is None:
        return None
    return db.scalar(select(Account.display_name).where(Account.id == account_id))
