"""Saving taps on a register: at once, in order, each counted once, nobody overwritten."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from models import (
    AppliedTap,
    GroupSession,
    Mark,
    Place,
    RegisterAmendment,
    SessionState,
)
from services import audit, clock
from services.attendance import UNEXPLAINED, AttendanceCode
from services.permissions import Actor, Permission
from services.registers.counting import Counting, counting
from services.registers.finishing import settle
from services.registers.registers import Line, Register
from services.registers.welfare import opening
from services.registers.who_is_on import find_session, with_marks

# Before the day only what people tell us ahead can be marked.
AHEAD_OF_TIME = (None, AttendanceCode.APOLOGIES, AttendanceCode.NOT_EXPECTED)
# On the day any mark is taken: people come early, and a time that was brought forward is not always
# written down. But no session is held long before it begins.
EARLY = timedelta(minutes=30)
WITH_MINUTES = (AttendanceCode.LATE, AttendanceCode.LEFT_EARLY)
MAX_MINUTES = 180
# It goes with every tap: as a table it costs half of what objects do.
_ADD_APPLIED = insert(cast(Table, AppliedTap.__table__))
_APPLIED = select(AppliedTap.tap).where(AppliedTap.tap.in_(bindparam("taps", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """One tap: `tap` is the browser's own name for it, `version` the one she was looking at.

    `code` None takes the mark back.
    """

    tap: str
    place_ref: str
    code: AttendanceCode | None
    minutes: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one tap: saved, met by somebody else's newer mark, or refused with why.

    `version` is that of the mark it made; None where it made none now.
    """

    tap: str
    version: int | None = None
    saved: bool = False
    conflict: bool = False
    refusal: str | None = None


def mark(db: Session, actor: Actor, session_ref: str, marks: Sequence[NewMark]) -> list[Taken]:
    """Save taps in the order they were made; each gets an answer of its own.

    A tap sent twice over a bad line counts once. A tap made while looking at an older mark than
    somebody else's is not saved: she is shown theirs and chooses. The session stays locked
    until the transaction ends, so two people's taps never cross.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref, lock=True)
    desk = _open_desk(db, actor, held, marks)
    showing = {new.tap for new in marks if shows_held(held.starts_at, new.code)}
    # Everybody at work changes the same counts: from the end of this block on, others wait.
    with counting(
        db, held, group, *desk.places.values(), by=actor, may_hold=bool(showing)
    ) as counted:
        answers = [_take(desk, new, counted) for new in marks]
        if desk.applied:
            _keep(desk)
        if showing.intersection(desk.applied):
            counted.hold()
    if desk.applied:
        for place in {*desk.places.values(), *counted.waiting}:
            settle(place, group)
        audit.record(db, actor, "register.marked", f"session:{held.ref}", marks=len(desk.applied))
    return answers


def after(seen: Register, marks: Sequence[NewMark], taken: Sequence[Taken]) -> Register | None:
    """A register read before these taps with the marks they made, and nothing read for it.

    None where one of them made no mark: then the register is to be read.
    """
    if any(one.version is None for one in taken):
        return None
    made = {new.place_ref: (new, one) for new, one in zip(marks, taken, strict=True)}
    lines = (
        _tapped(line, *made[line.place_ref]) if line.place_ref in made else line
        for line in seen.lines
    )
    return dataclasses.replace(seen, lines=tuple(lines))


def _tapped(line: Line, new: NewMark, taken: Taken) -> Line:
    minutes = new.minutes if new.code in WITH_MINUTES else None
    version = taken.version or 0
    return dataclasses.replace(line, code=new.code, minutes=minutes, version=version, by=None)


def replace(
    db: Session, counted: Counting, place: Place, code: AttendanceCode | None, *, by: Actor
) -> AttendanceCode | None:
    """Put one mark in place of another, whatever the register says; gives back the one before.

    A step of the services that record catch-ups and end places: they have asked, hold the session
    or its group, and let milestones follow.
    """
    held = counted.held
    there = db.scalar(select(Mark).where(Mark.session_id == held.id, Mark.place_id == place.id))
    desk = _Desk(
        db=db,
        actor=by,
        held=held,
        places={place.ref: place},
        marks={place.id: there} if there else {},
        seen_before=set(),
    )
    before = AttendanceCode(there.code) if there and there.code else None
    _write(desk, place, there, NewMark(tap="", place_ref=place.ref, code=code))
    counted.changed(place, before, code)
    return before


@dataclass(slots=True)
class _Desk:
    """What lies ready while a batch of taps is worked through."""

    db: Session
    actor: Actor
    held: GroupSession
    places: dict[str, Place]
    marks: dict[int, Mark]
    seen_before: set[str]
    applied: list[str] = field(default_factory=list)
    explained: list[int] = field(default_factory=list)  # places no longer absent without a word


def _open_desk(db: Session, actor: Actor, held: GroupSession, marks: Sequence[NewMark]) -> _Desk:
    rows = with_marks(db, actor, held, {new.place_ref for new in marks})
    taps = {"taps": [new.tap for new in marks]}
    return _Desk(
        db=db,
        actor=actor,
        held=held,
        places={place.ref: place for place, _there in rows},
        marks={place.id: there for place, there in rows if there is not None},
        seen_before=set(db.scalars(_APPLIED, taps)),
    )


def _take(desk: _Desk, new: NewMark, counted: Counting) -> Taken:
    if new.tap in desk.seen_before or new.tap in desk.applied:
        return Taken(new.tap, saved=True)
    if why := _refusal(desk, new):
        return Taken(new.tap, refusal=why)
    place = desk.places[new.place_ref]
    mark = desk.marks.get(place.id)
    if mark is not None and mark.version > new.version and _by_somebody_else(desk, mark):
        return Taken(new.tap, conflict=True)
    before = AttendanceCode(mark.code) if mark and mark.code else None
    minutes = mark.minutes if mark else None
    _write(desk, place, mark, new)
    if desk.held.reopened:
        _amend(desk, desk.marks[place.id], before, minutes)
    counted.changed(place, before, new.code)
    desk.applied.append(new.tap)
    return Taken(new.tap, desk.marks[place.id].version, saved=True)


def _keep(desk: _Desk) -> None:
    """What goes with taps that made a mark: their names, and calls no longer owed."""
    applied = [{"tap": tap, "applied_at": clock.now()} for tap in desk.applied]
    desk.db.execute(_ADD_APPLIED, applied)
    opening.withdraw(desk.db, desk.held, desk.explained, by=desk.actor)


def _refusal(desk: _Desk, new: NewMark) -> str | None:
    """Why this tap cannot be saved, and what to do; None when it can."""
    if new.place_ref not in desk.places:
        return "This person is not on this register any more. Open the register again."
    if desk.held.finished_at is not None:
        return "This register is finished. Reopen it to change a mark."
    if new.code is AttendanceCode.CATCH_UP:
        return "Record a catch-up on the group's page, with its day and who held it."
    day = clock.local(desk.held.starts_at, desk.held.zone).date()
    return refusal(desk.held.state, day, new.code, new.minutes)


def refusal(
    state: SessionState, day: date, code: AttendanceCode | None, minutes: int | None
) -> str | None:
    """Why a session in this state on this day takes no such mark, whoever it is for."""
    if code is AttendanceCode.CANCELLED:
        return "A whole session is cancelled from the group's page, not person by person."
    if not (minutes is None or 0 <= minutes <= MAX_MINUTES):
        return f"Minutes must be between 0 and {MAX_MINUTES}."
    if state is SessionState.CANCELLED:
        return "This session was cancelled, so nobody can be marked."
    if day > clock.today() and code not in AHEAD_OF_TIME:
        return "This session is still to come: only apologies can be marked ahead."
    return None


def shows_held(starts_at: datetime, code: AttendanceCode | None) -> bool:
    """Whether a mark shows that a session takes place: who came or did not, and not before people
    may be there. What they told ahead shows nothing of it."""
    return code not in AHEAD_OF_TIME and starts_at - EARLY <= clock.now()


def _by_somebody_else(desk: _Desk, mark: Mark) -> bool:
    return mark.changed_by_id != desk.actor.account_id


def _write(desk: _Desk, place: Place, mark: Mark | None, new: NewMark) -> None:
    if mark is None:
        mark = Mark(session_id=desk.held.id, place_id=place.id, version=0)
        desk.marks[place.id] = mark
        desk.db.add(mark)
    mark.code = new.code.value if new.code else None
    mark.minutes = new.minutes if new.code in WITH_MINUTES else None
    mark.version += 1
    mark.changed_at = clock.now()
    mark.changed_by_id = desk.actor.account_id


def _amend(desk: _Desk, mark: Mark, before: AttendanceCode | None, minutes: int | None) -> None:
    """Keep what a mark was changed from, and see whether a call it led to is still owed."""
    now = AttendanceCode(mark.code) if mark.code else None
    if (before, minutes) == (now, mark.minutes):
        return
    amendment = RegisterAmendment(
        session_id=mark.session_id,
        place_id=mark.place_id,
        at=mark.changed_at,
        account_id=mark.changed_by_id,
        code_before=before.value if before else None,
        code_after=mark.code,
        minutes_before=minutes,
        minutes_after=mark.minutes,
    )
    desk.db.add(amendment)
    if before in UNEXPLAINED and now not in UNEXPLAINED:
        desk.explained.append(mark.place_id)
