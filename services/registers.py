"""The register of a session: who is on it, its notes, finishing and reopening it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupSession,
    GroupState,
    Mark,
    Person,
    Place,
    PlaceState,
    SessionNote,
    SessionState,
)
from services import audit, clock, risk
from services.attendance import AttendanceCode
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import full_name, needs
from services.permissions import Actor, Permission, visible_places, visible_sessions

MAX_NOTE = 10_000
_NEVER_ON_REGISTER = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.DECLINED)


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
    lines: tuple[Line, ...]
    unseen: int  # how many more are expected whose records she is kept out of

    @property
    def unmarked(self) -> tuple[Line, ...]:
        """Those who have no mark yet."""
        return tuple(line for line in self.lines if line.code is None)

    @property
    def absent_without_word(self) -> tuple[Line, ...]:
        """Those who were expected, did not come and did not say: a welfare call today."""
        unexplained = (AttendanceCode.DID_NOT_ATTEND, AttendanceCode.NOT_BROUGHT)
        return tuple(line for line in self.lines if line.code in unexplained)


@dataclass(frozen=True, slots=True)
class Note:
    """A facilitator's own note on a session; version 0 before the first word."""

    body: str
    version: int


def view(db: Session, actor: Actor, session_ref: str) -> Register:
    """The register of a session of one of her groups; the look is written in the audit log."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref)
    register = Register(
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
        lines=_lines(db, actor, held),
        unseen=_unseen(db, actor, held),
    )
    audit.viewed(db, actor, f"session:{held.ref}")
    return register


def finish(db: Session, actor: Actor, session_ref: str) -> None:
    """Close the register once everybody has a mark. Finishing twice is finishing once.

    Whoever she is kept out of is not hers to mark: the register closes without, and that place
    counts as unrecorded until a colleague reopens it.
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
    held.state = SessionState.HELD
    held.finished_at, held.finished_by_id = clock.now(), actor.account_id
    finish_group_after_last(db, group, held)
    unseen = _unseen(db, actor, held)
    audit.record(db, actor, "register.finished", f"session:{held.ref}", unseen=unseen)


def reopen(db: Session, actor: Actor, session_ref: str, *, reason: str) -> None:
    """Open a finished register again. The reason goes into the audit log, so keep names out."""
    actor.require(Permission.TAKE_REGISTER)
    if not reason.strip():
        raise InvalidInputError({"reason": "Say in a few words why the register is reopened."})
    held, _group = find_session(db, actor, session_ref, lock=True)
    held.finished_at, held.finished_by_id = None, None
    audit.record(db, actor, "register.reopened", f"session:{held.ref}")


def own_note(db: Session, actor: Actor, session_ref: str) -> Note:
    """What this facilitator has written about the session so far."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    note = _note(db, actor, held)
    return Note(note.body, note.version) if note else Note("", 0)


def save_note(db: Session, actor: Actor, session_ref: str, body: str, *, version: int) -> int:
    """Keep her note as it stands now; gives back its new version.

    The same text again changes nothing. A newer version of her own, written in another window,
    raises ConflictError holding that text.
    """
    actor.require(Permission.TAKE_REGISTER)
    if len(body) > MAX_NOTE:
        raise InvalidInputError({"note": f"Keep the note under {MAX_NOTE} characters."})
    held, _group = find_session(db, actor, session_ref, lock=True)
    note = _note(db, actor, held)
    if note is None:
        note = SessionNote(session_id=held.id, account_id=actor.account_id, body="", version=0)
        db.add(note)
    if note.body == body and note.version:
        return note.version
    if note.version > version:
        raise ConflictError("This note was changed in another window.", theirs=note.body)
    note.body, note.version, note.updated_at = body, note.version + 1, clock.now()
    audit.record(db, actor, "note.saved", f"session:{held.ref}")
    return note.version


def others_notes(db: Session, actor: Actor, session_ref: str) -> list[tuple[str, str]]:
    """The other facilitators' notes on the session: (whose, text)."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    query = (
        select(Account.display_name, SessionNote.body)
        .join(Account, Account.id == SessionNote.account_id)
        .where(SessionNote.session_id == held.id, SessionNote.account_id != actor.account_id)
        .order_by(SessionNote.id)
    )
    return list(db.execute(query))


def find_session(
    db: Session, actor: Actor, ref: str, *, lock: bool = False
) -> tuple[GroupSession, Group]:
    """A session this reader may see, with its group; locked against other writers if asked."""
    query = (
        select(GroupSession, Group)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.ref == ref, visible_sessions(actor))
    )
    if lock:
        # The group as well: read beside a lock that was waited for, it would be out of date.
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("session")
    return found


def on_register(actor: Actor, held: GroupSession) -> ColumnElement[bool]:
    """The places on a session's register that this reader may see."""
    return and_(expected(held), visible_places(actor))


def expected(held: GroupSession) -> ColumnElement[bool]:
    """The places that stand on a session's register: joined by then, and not yet gone."""
    day = clock.local(held.starts_at, held.zone).date()
    return and_(
        Place.group_id == held.group_id,
        Place.state.not_in(_NEVER_ON_REGISTER),
        Place.joined_on <= day,
        or_(Place.left_on.is_(None), Place.left_on >= day),
    )


def _unseen(db: Session, actor: Actor, held: GroupSession) -> int:
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
    lines = [_line(actor, high, *row) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.name.casefold()))


def _line(
    actor: Actor, high: set[int], place: Place, person: Person, mark: Mark | None, by: str | None
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
    )


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
        if place.covered >= group.sessions_to_complete:
            place.state = PlaceState.COMPLETED


def _note(db: Session, actor: Actor, held: GroupSession) -> SessionNote | None:
    return db.scalar(
        select(SessionNote).where(
            SessionNote.session_id == held.id, SessionNote.account_id == actor.account_id
        )
    )


def _name_of(db: Session, account_id: int | None) -> str | None:
    if account_id is None:
        return None
    return db.scalar(select(Account.display_name).where(Account.id == account_id))
