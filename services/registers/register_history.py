"""What became of a register: finished, opened again with the reason, changed, filled from paper."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    GroupSession,
    PaperEntry,
    Person,
    Place,
    RegisterAmendment,
    RegisterReopening,
)
from services import clock
from services.attendance import AttendanceCode
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.visibility import visible_places

MOST = 200


class Event(enum.Enum):
    """What happened to the register."""

    FINISHED = "finished"
    REOPENED = "reopened"
    AMENDED = "amended"
    FROM_PAPER = "from_paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened, at a time as the clock on the wall shows it."""

    at: datetime
    by: str | None
    event: Event
    reason: str | None = None
    was_locked: bool = False
    name: str | None = None
    before: str | None = None  # a mark in words; None is no mark
    after: str | None = None
    marks: int = 0  # from paper, and who wrote them there
    written_by: str | None = None


def of_session(db: Session, actor: Actor, session_ref: str) -> list[Entry]:
    """The history of a register, the newest first."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    entries = [
        *_now(db, held),
        *_reopened(db, held),
        *_amended(db, actor, held),
        *_from_paper(db, held),
    ]
    order = list(Event)
    return sorted(entries, key=lambda one: (one.at, order.index(one.event)), reverse=True)


def _now(db: Session, held: GroupSession) -> list[Entry]:
    if held.finished_at is None:
        return []
    by = db.scalar(select(Account.display_name).where(Account.id == held.finished_by_id))
    at = clock.local(held.finished_at, held.zone)
    return [Entry(at=at, by=by, event=Event.FINISHED)]


def _reopened(db: Session, held: GroupSession) -> list[Entry]:
    """Each reopening, and the finish it undid."""
    finisher = aliased(Account)
    query = (
        select(RegisterReopening, Account.display_name, finisher.display_name)
        .join(Account, Account.id == RegisterReopening.account_id)
        .outerjoin(finisher, finisher.id == RegisterReopening.finished_by_id)
        .where(RegisterReopening.session_id == held.id)
        .order_by(RegisterReopening.at.desc(), RegisterReopening.id.desc())
        .limit(MOST)
    )
    entries = []
    for one, by, finished_by in db.execute(query):
        finished_at = clock.local(one.finished_at, held.zone)
        entries.append(Entry(at=finished_at, by=finished_by, event=Event.FINISHED))
        at = clock.local(one.at, held.zone)
        reopened = Entry(
            at=at, by=by, event=Event.REOPENED, reason=one.reason, was_locked=one.was_locked
        )
        entries.append(reopened)
    return entries


def _amended(db: Session, actor: Actor, held: GroupSession) -> list[Entry]:
    """Each changed mark of somebody this reader may see."""
    query = (
        select(RegisterAmendment, Person, Account.display_name)
        .join(Place, Place.id == RegisterAmendment.place_id)
        .join(Person, Person.id == Place.person_id)
        .join(Account, Account.id == RegisterAmendment.account_id)
        .where(RegisterAmendment.session_id == held.id, visible_places(actor))
        .order_by(RegisterAmendment.at.desc(), RegisterAmendment.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            at=clock.local(one.at, held.zone),
            by=by,
            event=Event.AMENDED,
            name=full_name(person),
            before=_words(one.code_before, one.minutes_before),
            after=_words(one.code_after, one.minutes_after),
        )
        for one, person, by in db.execute(query)
    ]


def _from_paper(db: Session, held: GroupSession) -> list[Entry]:
    query = (
        select(PaperEntry, Account.display_name)
        .join(Account, Account.id == PaperEntry.account_id)
        .where(PaperEntry.session_id == held.id)
        .order_by(PaperEntry.at.desc(), PaperEntry.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            at=clock.local(one.at, held.zone),
            by=by,
            event=Event.FROM_PAPER,
            reason=one.reason,
            marks=one.marks,
            written_by=one.written_by,
        )
        for one, by in db.execute(query)
    ]


def _words(code: str | None, minutes: int | None) -> str | None:
    if code is None:
        return None
    label = AttendanceCode(code).label
    return label if minutes is None else f"{label}, {minutes} minutes"
