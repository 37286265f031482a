"""How much the last weeks of one volunteer held, for her supervisor alone."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, func, or_, select
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Debrief,
    GroupSession,
    Placement,
    SessionState,
    Shift,
    ShiftState,
    VolunteerDebrief,
    VolunteerPresence,
)
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.support.load import Load, emotional_load, weights
from services.volunteers.support.recording import find_supervised


def load_of(db: Session, actor: Actor, volunteer_ref: str) -> Load:
    """The load of a volunteer one supervises. Reckoned anew at each look and kept nowhere."""
    actor.require(Permission.SUPERVISE)
    volunteer = find_supervised(db, actor, volunteer_ref)
    today, counts = clock.today(), weights()
    since = today - timedelta(weeks=counts.weeks)
    sessions, answers = _sessions(db, volunteer.id, since), _answers(db, volunteer.id, since)
    return emotional_load(today, sessions, answers, counts)


def _sessions(db: Session, volunteer: int, since: date) -> list[tuple[date, bool]]:
    """The sessions held that she helped at; where a debrief says who was there, only hers.

    Where nobody recorded one she is taken to have been there: care errs on that side.
    """
    own = _own_debriefs(db, volunteer, since)
    hers = VolunteerPresence.volunteer_id == volunteer
    query = (
        select(
            GroupSession.id,
            GroupSession.starts_at,
            func.coalesce(VolunteerPresence.heard_hard, False),
        )
        .outerjoin(Debrief, Debrief.session_id == GroupSession.id)
        .outerjoin(VolunteerPresence, (VolunteerPresence.debrief_id == Debrief.id) & hers)
        .where(
            GroupSession.state == SessionState.HELD,
            GroupSession.starts_at >= clock.start_of_day(since),
            GroupSession.starts_at <= clock.now(),
            or_(hers, Debrief.id.is_(None) & _was_to_help(volunteer)),
        )
    )
    found = dict(own)
    for number, at, heard_hard in db.execute(query):
        day = clock.local(at).date()
        found[number] = (day, bool(heard_hard) or found.get(number, (day, False))[1])
    return list(found.values())


def _was_to_help(volunteer: int) -> ColumnElement[bool]:
    """She was placed with the group that day, or had said yes to the session."""
    day = func.date(GroupSession.local_start, type_=Date)
    placed = select(Placement.id).where(
        Placement.volunteer_id == volunteer,
        Placement.group_id == GroupSession.group_id,
        Placement.starts_on <= day,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= day),
    )
    said_yes = select(Shift.session_id).where(
        Shift.volunteer_id == volunteer, Shift.state == ShiftState.ACCEPTED
    )
    return placed.exists() | GroupSession.id.in_(said_yes)


def _own_debriefs(db: Session, volunteer: int, since: date) -> dict[int, tuple[date, bool]]:
    """The sessions she has spoken of herself, by number: she was there, whoever kept what."""
    query = (
        select(GroupSession.id, GroupSession.starts_at, VolunteerDebrief.heard_hard)
        .join(VolunteerDebrief, VolunteerDebrief.session_id == GroupSession.id)
        .where(
            VolunteerDebrief.volunteer_id == volunteer,
            GroupSession.starts_at >= clock.start_of_day(since),
        )
    )
    return {number: (clock.local(at).date(), hard) for number, at, hard in db.execute(query)}


def _answers(db: Session, volunteer: int, since: date) -> list[tuple[date, int]]:
    query = select(CheckIn.at, CheckIn.heaviness).where(
        CheckIn.volunteer_id == volunteer, CheckIn.at >= clock.start_of_day(since)
    )
    return [(clock.local(at).date(), heaviness) for at, heaviness in db.execute(query)]
