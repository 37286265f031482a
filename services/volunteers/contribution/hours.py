"""Hours a volunteer has given: sessions held with her there, and what else was entered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import (
    Debrief,
    GroupSession,
    OtherHours,
    SessionState,
    Shift,
    ShiftState,
    Volunteer,
    VolunteerPresence,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.contribution.thanks import Milestones, milestones
from services.volunteers.finding import find_volunteer
from services.volunteers.herself.record import find
from services.volunteers.rota.stored import active_since

MOST = 50
LEAST_HOURS, MOST_HOURS = 0.25, 12.0
MAX_WHAT = 120
LONGEST_AGO = timedelta(days=366)
_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDraft:
    """Time given on one day besides sessions, as it was filled in."""

    given_on: date
    hours: float
    what: str

    def checked(self) -> "HoursDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        what = " ".join(self.what.split())
        if not clock.today() - LONGEST_AGO <= self.given_on <= clock.today():
            problems["given_on"] = "Choose a day within the last year, today at the latest."
        if not LEAST_HOURS <= self.hours <= MOST_HOURS:
            problems["hours"] = "Enter between a quarter of an hour and 12 hours."
        if not 1 <= len(what) <= MAX_WHAT:
            problems["what"] = f"Say what it was in up to {MAX_WHAT} letters, naming nobody."
        if problems:
            raise InvalidInputError(problems)
        return HoursDraft(given_on=self.given_on, hours=self.hours, what=what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a volunteer has given so far. `others` are the latest entries besides sessions: ref,
    on, hours, what, is_own (entered by the reader)."""

    sessions: int
    session_minutes: int
    other_minutes: int
    since: date | None  # active for the first time
    reached: Milestones
    others: pd.DataFrame

    @property
    def minutes(self) -> int:
        """All of it."""
        return self.session_minutes + self.other_minutes


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> Given:
    """A volunteer's hours, for any coordinator."""
    actor.require(Permission.READ_VOLUNTEERS)
    return given_by(db, find_volunteer(db, actor, volunteer_ref), actor)


def mine(db: Session, actor: Actor) -> Given:
    """Her own hours."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return given_by(db, find(db, actor), actor)


def add(db: Session, actor: Actor, volunteer_ref: str, draft: HoursDraft) -> str:
    """Keep time a volunteer gave besides sessions, and give back the entry's reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    return _keep(db, find_volunteer(db, actor, volunteer_ref), actor, draft)


def add_mine(db: Session, actor: Actor, draft: HoursDraft) -> str:
    """The same for herself."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return _keep(db, find(db, actor, lock=True), actor, draft)


def remove(db: Session, actor: Actor, entry_ref: str) -> None:
    """Take an entry out that was made by mistake."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    query = select(OtherHours, Volunteer).join(Volunteer, Volunteer.id == OtherHours.volunteer_id)
    row = db.execute(
        query.where(OtherHours.ref == entry_ref, visible_volunteers(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError("entry")
    entry, volunteer = row
    _take_out(db, volunteer, actor, entry)


def remove_mine(db: Session, actor: Actor, entry_ref: str) -> None:
    """The same for what she entered herself; a colleague's entry is not hers to take out."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    query = select(OtherHours).where(
        OtherHours.ref == entry_ref,
        OtherHours.volunteer_id == volunteer.id,
        OtherHours.recorded_by_id == actor.account_id,
    )
    entry = db.scalar(query)
    if entry is None:
        raise NotFoundError("entry")
    _take_out(db, volunteer, actor, entry)


def given_by(db: Session, volunteer: Volunteer, reader: Actor) -> Given:
    """What one volunteer has given. A step of other services, which have asked."""
    found = db.execute(spans([volunteer.id])).all()
    in_sessions = sum(minutes_between(starts, ends) for _number, starts, ends in found)
    query = select(func.coalesce(func.sum(OtherHours.minutes), 0))
    beside = db.scalar(query.where(OtherHours.volunteer_id == volunteer.id)) or 0
    since = active_since(db, [volunteer.id]).get(volunteer.id)
    return Given(
        sessions=len(found),
        session_minutes=in_sessions,
        other_minutes=beside,
        since=since,
        reached=milestones(in_sessions + beside, since, clock.today()),
        others=_others(db, volunteer, reader),
    )


def spans(numbers: Collection[int]) -> Select[int, datetime, datetime]:
    """Sessions held with these volunteers there, from when to when: a debrief says so, or, without
    one, she had said yes to it. A step of other services."""
    there = (
        select(VolunteerPresence.volunteer_id, Debrief.session_id)
        .join(Debrief, Debrief.id == VolunteerPresence.debrief_id)
        .where(VolunteerPresence.volunteer_id.in_(numbers))
    )
    accepted = select(Shift.volunteer_id, Shift.session_id).where(
        Shift.volunteer_id.in_(numbers),
        Shift.state == ShiftState.ACCEPTED,
        Shift.session_id.not_in(select(Debrief.session_id)),
    )
    both = there.union(accepted).subquery()
    return (
        select(both.c.volunteer_id, GroupSession.starts_at, GroupSession.ends_at)
        .join(both, both.c.session_id == GroupSession.id)
        .where(GroupSession.state == SessionState.HELD, GroupSession.ends_at <= clock.now())
    )


def minutes_between(starts: datetime, ends: datetime) -> int:
    """Whole minutes of a session."""
    return int((ends - starts).total_seconds()) // _MINUTES


def _others(db: Session, volunteer: Volunteer, reader: Actor) -> pd.DataFrame:
    query = (
        select(OtherHours)
        .where(OtherHours.volunteer_id == volunteer.id)
        .order_by(OtherHours.given_on.desc(), OtherHours.id.desc())
        .limit(MOST)
    )
    rows = [
        (
            one.ref,
            one.given_on,
            one.minutes / _MINUTES,
            one.what,
            one.recorded_by_id == reader.account_id,
        )
        for one in db.scalars(query)
    ]
    return pd.DataFrame(rows, columns=["ref", "on", "hours", "what", "is_own"])


def _keep(db: Session, volunteer: Volunteer, actor: Actor, draft: HoursDraft) -> str:
    draft = draft.checked()
    minutes = round(draft.hours * _MINUTES)
    that_day = select(OtherHours).where(
        OtherHours.volunteer_id == volunteer.id, OtherHours.given_on == draft.given_on
    )
    known = list(db.scalars(that_day))
    if any((one.minutes, one.what) == (minutes, draft.what) for one in known):
        raise ConflictError("This time is kept already. Change the day or what it was.")
    if sum(one.minutes for one in known) + minutes > MOST_HOURS * _MINUTES:
        raise InvalidInputError({"hours": "With what is kept already that day has over 12 hours."})
    entry = OtherHours(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        given_on=draft.given_on,
        minutes=minutes,
        what=draft.what,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.add(entry)
    audit.record(db, actor, "hours.added", f"volunteer:{volunteer.ref}", entry=entry.ref)
    return entry.ref


def _take_out(db: Session, volunteer: Volunteer, actor: Actor, entry: OtherHours) -> None:
    db.delete(entry)
    audit.record(db, actor, "hours.removed", f"volunteer:{volunteer.ref}", entry=entry.ref)
