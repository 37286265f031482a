"""Meetings of supervision and check-ins, as her supervisor keeps and reads them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    CheckIn,
    SupervisionKind,
    SupervisionSession,
    Volunteer,
    VolunteerSupport,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_support
from services.volunteers.support.load import SCALE

MOST = 50
MAX_WORDS = 4_000
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting of supervision as it was filled in."""

    held_on: date
    kind: SupervisionKind
    note: str = ""

    def checked(self) -> "MeetingDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems = _day_problems("held_on", self.held_on) | _text_problems("note", self.note)
        if problems:
            raise InvalidInputError(problems)
        return replace(self, note=self.note.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDraft:
    """A check-in as it was filled in: on which day, how heavy from 1 to 5, and her own words."""

    on: date
    heaviness: int
    words: str = ""

    def checked(self) -> "CheckInDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems = _day_problems("on", self.on) | _text_problems("words", self.words)
        if self.heaviness not in SCALE:
            problems["heaviness"] = "Choose how heavy it feels, from 1 to 5."
        if problems:
            raise InvalidInputError(problems)
        return replace(self, words=self.words.strip())


def record_meeting(db: Session, actor: Actor, volunteer_ref: str, draft: MeetingDraft) -> str:
    """Keep a meeting with a volunteer one supervises, and give back its reference."""
    actor.require(Permission.SUPERVISE)
    draft = draft.checked()
    volunteer = find_supervised(db, actor, volunteer_ref, lock=True)
    twin = select(SupervisionSession.id).where(
        SupervisionSession.volunteer_id == volunteer.id,
        SupervisionSession.kind == draft.kind,
        SupervisionSession.held_on == draft.held_on,
    )
    if db.scalar(twin.limit(1)) is not None:
        raise ConflictError("This meeting is kept already. Choose another day or kind.")
    meeting = SupervisionSession(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        held_on=draft.held_on,
        kind=draft.kind,
        note=draft.note or None,
        account_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.add(meeting)
    audit.record(
        db, actor, "supervision.recorded", f"volunteer:{volunteer_ref}", meeting=meeting.ref,
        kind=draft.kind.value,
    )  # fmt: skip
    return meeting.ref


def remove_meeting(db: Session, actor: Actor, meeting_ref: str) -> None:
    """Take a meeting back that was kept by mistake; what is due is reckoned without it."""
    actor.require(Permission.SUPERVISE)
    query = (
        select(SupervisionSession, Volunteer.ref)
        .join(Volunteer, Volunteer.id == SupervisionSession.volunteer_id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(SupervisionSession.ref == meeting_ref, visible_support(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("meeting")
    meeting, volunteer_ref = row
    db.delete(meeting)
    audit.record(
        db, actor, "supervision.taken_back", f"volunteer:{volunteer_ref}", meeting=meeting_ref
    )


def check_in(db: Session, actor: Actor, volunteer_ref: str, draft: CheckInDraft) -> str:
    """Keep how a volunteer one supervises says she is, and give back the check-in's reference."""
    actor.require(Permission.SUPERVISE)
    return keep_check_in(db, find_supervised(db, actor, volunteer_ref), actor, draft)


def keep_check_in(db: Session, volunteer: Volunteer, actor: Actor, draft: CheckInDraft) -> str:
    """A check-in of one who was found. A step of other services, which have asked."""
    draft = draft.checked()
    kept = CheckIn(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        at=_instant(draft.on),
        heaviness=draft.heaviness,
        words=draft.words or None,
        account_id=actor.account_id,
    )
    db.add(kept)
    # The answer stays out of the log, which others read.
    audit.record(db, actor, "check_in.recorded", f"volunteer:{volunteer.ref}", check_in=kept.ref)
    return kept.ref


def meetings(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """The latest meetings with a volunteer one supervises: ref, on, kind, note, by."""
    actor.require(Permission.SUPERVISE)
    volunteer = find_supervised(db, actor, volunteer_ref)
    query = (
        select(
            SupervisionSession.ref,
            SupervisionSession.held_on,
            SupervisionSession.kind,
            SupervisionSession.note,
            Account.display_name,
        )
        .join(Account, Account.id == SupervisionSession.account_id)
        .where(SupervisionSession.volunteer_id == volunteer.id)
        .order_by(SupervisionSession.held_on.desc(), SupervisionSession.id.desc())
        .limit(MOST)
    )
    rows = [(ref, on, kind.value, note or "", by) for ref, on, kind, note, by in db.execute(query)]
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action="support.viewed")
    return pd.DataFrame(rows, columns=["ref", "on", "kind", "note", "by"])


def check_ins(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """The latest check-ins with a volunteer one supervises: on, heaviness, words, by."""
    actor.require(Permission.SUPERVISE)
    volunteer = find_supervised(db, actor, volunteer_ref)
    query = (
        select(CheckIn.at, CheckIn.heaviness, CheckIn.words, Account.display_name)
        .join(Account, Account.id == CheckIn.account_id)
        .where(CheckIn.volunteer_id == volunteer.id)
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
        .limit(MOST)
    )
    rows = [
        (clock.local(at).date(), heaviness, words or "", by)
        for at, heaviness, words, by in db.execute(query)
    ]
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action="support.viewed")
    return pd.DataFrame(rows, columns=["on", "heaviness", "words", "by"])


def find_supervised(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Volunteer:
    """A volunteer whose support this person answers for today; to anybody else she is not there."""
    actor.require(Permission.SUPERVISE)
    query = (
        select(Volunteer)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(Volunteer.ref == ref, visible_support(actor))
    )
    volunteer = db.scalar(query.with_for_update(of=Volunteer) if lock else query)
    if volunteer is None:
        raise NotFoundError("record of support")
    return volunteer


def _instant(on: date) -> datetime:
    """Now, for today; for a day that is over its end: nobody checks in before the session."""
    if on == clock.today():
        return clock.now()
    return clock.start_of_day(on + timedelta(days=1)) - timedelta(minutes=1)


def _day_problems(field: str, on: date) -> dict[str, str]:
    if clock.today() - LONGEST_AGO <= on <= clock.today():
        return {}
    return {field: "Choose a day within the last year, today at the latest."}


def _text_problems(field: str, text: str) -> dict[str, str]:
    if len(text.strip()) <= MAX_WORDS:
        return {}
    return {field: f"Shorten this to {MAX_WORDS:,} letters; it has {len(text.strip()):,}."}
