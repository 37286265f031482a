"""Catch-up sessions: a session's content covered later by somebody who missed it."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Account,
    CatchUp,
    CatchUpWay,
    Group,
    GroupSession,
    Mark,
    Person,
    Place,
    SessionState,
    new_ref,
)
from services import audit, clock
from services.accounts import colleagues
from services.attendance import CODES, AttendanceCode
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.registers import marking
from services.registers.counting import counting
from services.registers.finishing import settle
from services.registers.who_is_on import find_session
from services.visibility import visible_places, visible_sessions

PAGE = 50
MAX_NOTE = 500
MAX_MINUTES = 600
_COLUMNS = [
    "ref", "name", "group", "session", "topic", "on", "way", "by", "minutes", "note", "version",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUpDraft:
    """Who caught up on which session: when, how, with whom, how long, and a short note."""

    place_ref: str
    session_ref: str
    done_on: date
    way: CatchUpWay
    done_by_ref: str
    minutes: int | None = None
    note: str = ""

    def checked(self) -> "CatchUpDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if self.done_on > clock.today():
            problems["done_on"] = "Choose a day up to today: record a catch-up once it was done."
        if self.minutes is not None and not 1 <= self.minutes <= MAX_MINUTES:
            problems["minutes"] = f"Choose between 1 and {MAX_MINUTES} minutes, or leave it empty."
        if len(self.note) > MAX_NOTE:
            problems["note"] = f"Shorten the note to {MAX_NOTE} letters."
        if problems:
            raise InvalidInputError(problems)
        return self


def record(db: Session, actor: Actor, draft: CatchUpDraft) -> str:
    """Keep a catch-up and mark the session as caught up; gives back its reference.

    Raises ConflictError for a session she was at, that was cancelled, or that came after she had
    left, and InvalidInputError for one that has not been. Sessions before she joined may be
    caught up on: that is how a late joiner completes.
    """
    actor.require(Permission.TAKE_REGISTER)
    draft.checked()
    held, group = find_session(db, actor, draft.session_ref, lock=True)
    place = _place_in(db, actor, draft.place_ref, group)
    by = colleagues.chosen(db, draft.done_by_ref, Permission.TAKE_REGISTER, field="done_by")
    _check(db, held, place, draft)
    with counting(db, held, group, place, by=actor, may_hold=True) as counted:
        before = marking.replace(db, counted, place, AttendanceCode.CATCH_UP, by=actor)
        counted.hold()
    settle(place, group)
    kept = CatchUp(
        ref=new_ref(),
        place_id=place.id,
        session_id=held.id,
        done_on=draft.done_on,
        way=draft.way,
        done_by_id=by.id,
        minutes=draft.minutes,
        note=draft.note.strip() or None,
        code_before=before.value if before else None,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
    )
    db.add(kept)
    audit.record(
        db, actor, "catch_up.recorded", f"catch_up:{kept.ref}", place=place.ref, way=draft.way.value
    )
    return kept.ref


def take_back(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Undo a catch-up recorded by mistake: the mark it replaced is there again.

    Where the register says meanwhile that she was there, that stays.
    """
    actor.require(Permission.TAKE_REGISTER)
    kept, session_ref, place_ref = _found(db, actor, ref)
    held, group = find_session(db, actor, session_ref, lock=True)
    place = _place_in(db, actor, place_ref, group)
    db.refresh(kept)
    if kept.version != version or kept.taken_back_at is not None:
        raise ConflictError("Somebody else took this catch-up back. Open the list again.")
    if _code(db, held, place) is AttendanceCode.CATCH_UP:
        before = AttendanceCode(kept.code_before) if kept.code_before else None
        with counting(db, held, group, place, by=actor, may_hold=False) as counted:
            marking.replace(db, counted, place, before, by=actor)
        settle(place, group)
    kept.taken_back_at = clock.now()
    audit.record(db, actor, "catch_up.taken_back", f"catch_up:{ref}")


def to_catch_up(db: Session, actor: Actor, place_ref: str) -> dict[str, str]:
    """The sessions one person may have caught up on: reference to "3: topic"; latest first."""
    actor.require(Permission.TAKE_REGISTER)
    there = [code.value for code in AttendanceCode if code.attended]
    place = db.scalar(select(Place).where(Place.ref == place_ref, visible_places(actor)))
    if place is None:
        raise NotFoundError("place")
    of_hers = CatchUp.place_id == place.id
    query = (
        select(GroupSession)
        .where(
            GroupSession.group_id == place.group_id,
            visible_sessions(actor),
            GroupSession.starts_at <= clock.now(),
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.id.not_in(
                select(Mark.session_id).where(Mark.place_id == place.id, Mark.code.in_(there))
            ),
            GroupSession.id.not_in(
                select(CatchUp.session_id).where(of_hers, CatchUp.taken_back_at.is_(None))
            ),
        )
        .order_by(GroupSession.number.desc())
    )
    return {
        held.ref: f"{held.number}: {held.topic}"
        for held in db.scalars(query)
        if place.left_on is None or _day(held) <= place.left_on
    }


def in_group(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """The latest catch-ups in a group: ref, name, group, session (number), topic, on, way, by,
    minutes, note (for facilitators), version."""
    actor.require(Permission.READ_PEOPLE)
    return _listed(db, actor, Group.ref == group_ref)


def of_person(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """One person's latest catch-ups over her groups, with the same columns."""
    actor.require(Permission.READ_PEOPLE)
    return _listed(db, actor, Person.ref == person_ref)


def _listed(db: Session, actor: Actor, which: ColumnElement[bool]) -> pd.DataFrame:
    reads_notes = actor.may(Permission.TAKE_REGISTER)
    query = (
        select(CatchUp, Person, Group.code_name, GroupSession, Account.display_name)
        .join(Place, Place.id == CatchUp.place_id)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .join(GroupSession, GroupSession.id == CatchUp.session_id)
        .join(Account, Account.id == CatchUp.done_by_id)
        .where(which, CatchUp.taken_back_at.is_(None), visible_places(actor))
        .order_by(CatchUp.done_on.desc(), CatchUp.id.desc())
        .limit(PAGE)
    )
    rows = [
        (
            kept.ref,
            full_name(person),
            group,
            held.number,
            held.topic,
            kept.done_on,
            kept.way.value,
            by,
            kept.minutes,
            (kept.note if reads_notes else None) or "",
            kept.version,
        )
        for kept, person, group, held, by in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _check(db: Session, held: GroupSession, place: Place, draft: CatchUpDraft) -> None:
    """Raise where there was nothing for her to catch up on."""
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is nothing to catch up on.")
    if held.starts_at > clock.now():
        raise InvalidInputError({"session": "This session has not been yet. Choose one that has."})
    if place.left_on is not None and place.left_on < _day(held):
        raise ConflictError("She had left by that session. Choose one from before.")
    if draft.done_on < _day(held):
        raise InvalidInputError({"done_on": "A catch-up follows its session: choose a later day."})
    code = _code(db, held, place)
    if code is not None and code.attended:
        raise ConflictError(
            f"The register says of session {held.number}: {code.label.lower()}. A catch-up is for "
            "a session she missed; correct the register first if it is wrong."
        )
    again = select(CatchUp.id).where(
        CatchUp.place_id == place.id,
        CatchUp.session_id == held.id,
        CatchUp.taken_back_at.is_(None),
    )
    if db.scalar(again) is not None:
        raise ConflictError("A catch-up for this session is recorded already. See the list.")


def _code(db: Session, held: GroupSession, place: Place) -> AttendanceCode | None:
    query = select(Mark.code).where(Mark.session_id == held.id, Mark.place_id == place.id)
    code = db.scalar(query)
    return CODES[code] if code else None


def _day(held: GroupSession) -> date:
    return clock.local(held.starts_at, held.zone).date()


def _place_in(db: Session, actor: Actor, ref: str, group: Group) -> Place:
    """The place, as it is now that its session is held."""
    query = (
        select(Place)
        .where(
            Place.ref == ref,
            Place.group_id == group.id,
            Place.state.not_in(NEVER_TAKEN_UP),
            visible_places(actor),
        )
        .execution_options(populate_existing=True)
    )
    place = db.scalar(query)
    if place is None:
        raise NotFoundError("place")
    return place


def _found(db: Session, actor: Actor, ref: str) -> tuple[CatchUp, str, str]:
    query = (
        select(CatchUp, GroupSession.ref, Place.ref)
        .join(GroupSession, GroupSession.id == CatchUp.session_id)
        .join(Place, Place.id == CatchUp.place_id)
        .where(CatchUp.ref == ref, visible_places(actor))
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("catch-up")
    return found
