"""Registers on paper: one session or a group's next weeks, blank or with the marks made so far.

First names only, and nothing that says anything about anybody or what the group is for: no alert,
no risk, nobody who collects a child, no topic. What people need is there only if she asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, not_, select, true
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, GroupSession, Mark, Person, Place, SessionState
from services import audit, clock
from services.attendance import AttendanceCode
from services.errors import ConflictError
from services.groups import groups
from services.people.people import needs
from services.permissions import Actor, Permission
from services.printing import letterhead, pdf
from services.printing.first_names import told_apart
from services.registers import who_is_on
from services.visibility import visible_places

ON_A_SHEET = 8  # sessions side by side
SINCE = timedelta(weeks=2)  # a group's sheet begins with what may still have to be written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a printed register shows beside the names."""

    filled: bool = False
    with_needs: bool = False


def of_session(db: Session, actor: Actor, session_ref: str, wish: Wish) -> bytes:
    """The register of one session as a PDF. The print is written in the audit log."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = who_is_on.find_session(db, actor, session_ref)
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is no register to print.")
    rows = _on_register(db, actor, held)
    starts, ends = (clock.local(at, held.zone) for at in (held.starts_at, held.ends_at))
    sheet = pdf(
        "register",
        letterhead(db)
        | {
            "code_name": group.code_name,
            "session": f"Session {held.number} of {group.sessions_offered}",
            "when": f"{clock.spoken_day(starts)}, "
            f"{clock.spoken(starts.time())} to {clock.spoken(ends.time())}",
            "lines": _lines(rows, wish),
            "needs": wish.with_needs,
            "unseen": who_is_on.unseen(db, actor, held),
            "codes": _codes(wish),
        },
    )
    _record(db, actor, f"session:{held.ref}", wish, people=len(rows))
    return sheet


def of_group(db: Session, actor: Actor, group_ref: str, wish: Wish) -> bytes:
    """A group's next sessions side by side as a PDF. The print is written in the audit log."""
    actor.require(Permission.TAKE_REGISTER)
    group = groups.find(db, actor, group_ref)
    sessions = _next_sessions(db, group.id, wish)
    if not sessions:
        raise ConflictError("This group has no session to come, so there is nothing to print.")
    people = _in_group(db, actor, group.id)
    marks = _marks(db, sessions) if wish.filled else {}
    names = told_apart([_first_and_last(person) for _place, person in people])
    lines = [
        {
            "name": name,
            "marks": [marks.get((place.id, held.id), "") for held in sessions],
            "needs": _needs(person) if wish.with_needs else "",
        }
        for name, (place, person) in zip(names, people, strict=True)
    ]
    values = {
        "code_name": group.code_name,
        "sessions": [_heading(held) for held in sessions],
        "lines": lines,
        "needs": wish.with_needs,
        "unseen": _unseen_in(db, actor, group.id),
        "codes": _codes(wish),
    }
    sheet = pdf("group_register", letterhead(db) | values)
    _record(db, actor, f"group:{group.ref}", wish, people=len(people), sessions=len(sessions))
    return sheet


def _codes(wish: Wish) -> list[dict[str, str]]:
    """What the letters mean. Nobody writes on paper that a session was caught up on: that is
    recorded with its day and who held it."""
    left_out = {AttendanceCode.CANCELLED} | (set() if wish.filled else {AttendanceCode.CATCH_UP})
    return [
        {"letter": code.value, "label": code.label}
        for code in AttendanceCode
        if code not in left_out
    ]


def _record(db: Session, actor: Actor, subject: str, wish: Wish, **counts: int) -> None:
    audit.record(
        db, actor, "register.printed", subject,
        filled=wish.filled, needs=wish.with_needs, **counts,
    )  # fmt: skip


def _on_register(db: Session, actor: Actor, held: GroupSession) -> list[Row[*tuple[Any, ...]]]:
    query = (
        select(Person, Mark)
        .join(Place, Place.person_id == Person.id)
        .outerjoin(Mark, and_(Mark.place_id == Place.id, Mark.session_id == held.id))
        .where(who_is_on.on_register(actor, held))
    )
    return sorted(db.execute(query).all(), key=lambda row: _order(row[0]))


def _lines(rows: Sequence[Row[*tuple[Any, ...]]], wish: Wish) -> list[dict[str, str]]:
    names = told_apart([_first_and_last(person) for person, _mark in rows])
    return [
        {
            "name": name,
            "mark": _in_words(mark) if wish.filled else "",
            "needs": _needs(person) if wish.with_needs else "",
        }
        for name, (person, mark) in zip(names, rows, strict=True)
    ]


def _in_words(mark: Mark | None) -> str:
    if mark is None or mark.code is None:
        return ""
    label = AttendanceCode(mark.code).label
    return label if mark.minutes is None else f"{label}, {mark.minutes} minutes"


def _next_sessions(db: Session, group_id: int, wish: Wish) -> Sequence[GroupSession]:
    """On a blank sheet none whose register is finished: nothing of it is to be written down."""
    query = (
        select(GroupSession)
        .where(
            GroupSession.group_id == group_id,
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.starts_at >= clock.now() - SINCE,
            true() if wish.filled else GroupSession.finished_at.is_(None),
        )
        .order_by(GroupSession.starts_at)
        .limit(ON_A_SHEET)
    )
    return db.scalars(query).all()


def _in_group(db: Session, actor: Actor, group_id: int) -> list[Row[*tuple[Any, ...]]]:
    """Who has a place now, as on the register of any session to come."""
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(_holds_a_place(group_id), visible_places(actor))
    )
    return sorted(db.execute(query).all(), key=lambda row: _order(row[1]))


def _unseen_in(db: Session, actor: Actor, group_id: int) -> int:
    query = select(func.count()).where(_holds_a_place(group_id), not_(visible_places(actor)))
    return db.scalar(query) or 0


def _holds_a_place(group_id: int) -> ColumnElement[bool]:
    return and_(
        Place.group_id == group_id, Place.state.not_in(NEVER_TAKEN_UP), Place.left_on.is_(None)
    )


def _marks(db: Session, sessions: Sequence[GroupSession]) -> dict[tuple[int, int], str]:
    query = select(Mark.place_id, Mark.session_id, Mark.code).where(
        Mark.session_id.in_([held.id for held in sessions]), Mark.code.is_not(None)
    )
    return {(place, held): code or "" for place, held, code in db.execute(query)}


def _heading(held: GroupSession) -> dict[str, str]:
    starts = clock.local(held.starts_at, held.zone)
    return {"number": str(held.number), "day": f"{starts:%a} {starts.day} {starts:%b}"}


def _needs(person: Person) -> str:
    return "; ".join(needs(person))


def _first_and_last(person: Person) -> tuple[str, str]:
    """By what she is called: that is what is said aloud where the sheet is filled in."""
    return person.known_as or person.first_name, person.last_name


def _order(person: Person) -> tuple[str, str]:
    first, last = _first_and_last(person)
    return first.casefold(), last.casefold()
