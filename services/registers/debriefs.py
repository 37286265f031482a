"""The debrief after a session: who had it, how long, which volunteers were there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Debrief,
    Group,
    GroupSession,
    Placement,
    SessionState,
    Shift,
    ShiftState,
    Volunteer,
    VolunteerPresence,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.registers.welfare.unheard import facilitators_of
from services.registers.who_is_on import find_session
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import visible_sessions

MOST = 50
MAX_NOTE = 2_000
LONGEST = 120
# Later it cannot be caught up on honestly, and Today would fill with what nobody does any more.
ASKED_FOR = timedelta(days=14)
# After this a coordinator hears of it too: she looks after the volunteers who were there.
PASSED_ON = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefDraft:
    """A debrief as it was filled in; `present` are the volunteers who were there, and `heard_hard`
    those of them who heard something hard."""

    minutes: int
    note: str = ""
    present: Collection[str] = ()
    heard_hard: Collection[str] = ()

    def checked(self) -> "DebriefDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 1 <= self.minutes <= LONGEST:
            problems["minutes"] = f"Enter how long it took, from 1 to {LONGEST} minutes."
        note = self.note.strip()
        if len(note) > MAX_NOTE:
            problems["note"] = f"Shorten the note to {MAX_NOTE} letters; it has {len(note)}."
        if not set(self.heard_hard) <= set(self.present):
            problems["heard_hard"] = "Say as well that she was there, or leave this empty."
        if problems:
            raise InvalidInputError(problems)
        return DebriefDraft(
            minutes=self.minutes,
            note=note,
            present=frozenset(self.present),
            heard_hard=frozenset(self.heard_hard),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefView:
    """What is kept of a session's debrief; version 0 before there was one."""

    volunteers: dict[str, str]  # who were to help: reference to first name
    present: frozenset[str]
    heard_hard: frozenset[str]
    minutes: int | None
    note: str
    at: datetime | None
    by: str | None
    version: int


@while_unchanged
def of_session(db: Session, actor: Actor, session_ref: str) -> DebriefView:
    """A session's debrief, and which volunteers were to help at it."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    kept = _kept(db, held)
    helping = _helping(db, held)
    there = _present(db, kept) if kept else {}
    return DebriefView(
        volunteers={ref: name for _number, ref, name in helping},
        present=frozenset(ref for number, ref, _name in helping if number in there),
        heard_hard=frozenset(ref for number, ref, _name in helping if there.get(number)),
        minutes=kept.minutes if kept else None,
        note=(kept.note or "") if kept else "",
        at=clock.local(kept.at, held.zone) if kept else None,
        by=_name_of(db, kept.account_id) if kept else None,
        version=kept.version if kept else 0,
    )


def save(db: Session, actor: Actor, session_ref: str, draft: DebriefDraft, *, version: int) -> None:
    """Keep a debrief, or change what is kept. Raises ConflictError when somebody else has since."""
    actor.require(Permission.TAKE_REGISTER)
    draft = draft.checked()
    held, _group = find_session(db, actor, session_ref, lock=True)
    _refuse_too_early(held)
    kept = _kept(db, held)
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "A colleague has recorded this debrief meanwhile. Look at it, then change it if needed."
        )
    helping = {ref: number for number, ref, _name in _helping(db, held)}
    if not helping.keys() >= set(draft.present):
        raise InvalidInputError({"present": "Choose among the volunteers who were to help here."})
    if kept is None:
        kept = Debrief(session_id=held.id)
        db.add(kept)
    kept.minutes, kept.note = draft.minutes, draft.note or None
    kept.at, kept.account_id = clock.now(), actor.account_id
    db.flush()
    there = {helping[ref]: ref in draft.heard_hard for ref in draft.present}
    _note_present(db, kept, there)
    audit.record(
        db, actor, "debrief.recorded", f"session:{held.ref}", volunteers=len(draft.present)
    )


def undone(db: Session, actor: Actor) -> pd.DataFrame:
    """Sessions of the last two weeks without a debrief, the oldest first: ref, group_ref, group,
    session, ended (a day), facilitators. To a coordinator those of two days ago and more."""
    actor.require(Permission.SEE_TODAY)
    rows = db.execute(undone_select(actor)).all()
    names = facilitators_of(db, {row[0] for row in rows})
    found = [(*row[1:5], clock.local(row[5]).date(), names[row[0]]) for row in rows]
    columns = ["ref", "group_ref", "group", "session", "ended", "facilitators"]
    return pd.DataFrame(found, columns=columns)


@once
def undone_select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The select behind `undone`, for what only counts them."""
    waits = timedelta() if actor.may(Permission.TAKE_REGISTER) else PASSED_ON
    begun, over = GroupSession.starts_at, GroupSession.ends_at
    return (
        select(Group.id, GroupSession.ref, Group.ref, Group.code_name, GroupSession.number, over)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Debrief, Debrief.session_id == GroupSession.id)
        .where(
            GroupSession.state == SessionState.HELD,
            Debrief.id.is_(None),
            begun > each_time(begun, lambda: clock.now() - ASKED_FOR),
            over < each_time(over, lambda: clock.now() - waits),
            visible_sessions(actor),
        )
        .order_by(begun, GroupSession.id)
        .limit(MOST)
    )


def _refuse_too_early(held: GroupSession) -> None:
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is no debrief to record.")
    if held.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Record the debrief after it.")


def _helping(db: Session, held: GroupSession) -> list[tuple[int, str, str]]:
    """Who was to help at a session: number, reference, first name.

    Those placed with the group that day, and those who said yes to the session in the rota.
    """
    day = clock.local(held.starts_at, held.zone).date()
    placed = select(Placement.volunteer_id).where(Placement.group_id == held.group_id, _on(day))
    said_yes = select(Shift.volunteer_id).where(
        Shift.session_id == held.id, Shift.state == ShiftState.ACCEPTED
    )
    query = select(Volunteer.id, Volunteer.ref, Volunteer.first_name)
    either = Volunteer.id.in_(placed.union(said_yes))
    return list(db.execute(query.where(either).order_by(Volunteer.id)))


def _on(day: date) -> ColumnElement[bool]:
    still = or_(Placement.ends_on.is_(None), Placement.ends_on >= day)
    return (Placement.starts_on <= day) & still


def _note_present(db: Session, kept: Debrief, there: Mapping[int, bool]) -> None:
    db.execute(delete(VolunteerPresence).where(VolunteerPresence.debrief_id == kept.id))
    db.add_all(
        VolunteerPresence(debrief_id=kept.id, volunteer_id=number, heard_hard=there[number])
        for number in sorted(there)
    )


def _present(db: Session, kept: Debrief) -> dict[int, bool]:
    """The volunteers who were there, each with whether she heard something hard."""
    query = select(VolunteerPresence.volunteer_id, VolunteerPresence.heard_hard).where(
        VolunteerPresence.debrief_id == kept.id
    )
    return dict(db.execute(query).all())


def _kept(db: Session, held: GroupSession) -> Debrief | None:
    return db.scalar(select(Debrief).where(Debrief.session_id == held.id))


def _name_of(db: Session, account_id: int) -> str | None:
    return db.scalar(select(Account.display_name).where(Account.id == account_id))
