"""The sessions a volunteer helps at: who comes today, and what she says of them afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupSession,
    Person,
    Place,
    Placement,
    Room,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
    VolunteerDebrief,
)
from services import audit, clock, placing
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.herself.record import find
from services.people import needs
from services.permissions import Actor, Permission, visible_beside_her
from services.placing import Answer
from services.printing.first_names import told_apart
from services.registers import expected

MAX_WORDS = 4_000
ASKED_FOR = timedelta(days=14)
# A placement may outlast her stepping back; what she sees of others does not.
_WITH_GROUPS = (Stage.SHADOWING, Stage.ACTIVE)


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes today: the first name, and what to have ready."""

    first_name: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session she helps at; times as on the wall. `people` only on the day itself."""

    ref: str
    group: str
    number: int
    topic: str
    starts: datetime
    ends: datetime
    room: str | None
    people: tuple[Comer, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnDebriefDraft:
    """How a session was for her, as she filled it in."""

    heard_hard: bool = False
    words: str = ""

    def checked(self) -> "OwnDebriefDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        words = self.words.strip()
        if len(words) > MAX_WORDS:
            raise InvalidInputError(
                {"words": f"Shorten this to {MAX_WORDS:,} letters; it has {len(words):,}."}
            )
        return OwnDebriefDraft(self.heard_hard, words)


def today(db: Session, actor: Actor) -> list[OwnSession]:
    """Today's sessions she helps at, with who comes. The look is written in the audit log.

    Where she must not meet somebody the list stays empty, as it is before anybody has joined.
    """
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor)
    if volunteer.stage not in _WITH_GROUPS:
        return []
    day = clock.today()
    found = []
    for session, group, room in _helped(db, volunteer, day, day):
        audit.viewed(db, actor, f"session:{session.ref}", action="session.viewed_by_helper")
        found.append(_own(session, group, room, _people(db, actor, volunteer, session)))
    return found


def to_talk_about(db: Session, actor: Actor) -> list[OwnSession]:
    """Sessions of the last two weeks she helped at and has said nothing of, the latest first."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor)
    said = set(
        db.scalars(
            select(VolunteerDebrief.session_id).where(
                VolunteerDebrief.volunteer_id == volunteer.id,
                VolunteerDebrief.at > clock.now() - 2 * ASKED_FOR,
            )
        )
    )
    rows = _helped(db, volunteer, clock.today() - ASKED_FOR, clock.today())
    found = [
        _own(session, group, room)
        for session, group, room in rows
        if session.id not in said and session.starts_at <= clock.now()
    ]
    return found[::-1]


def debrief(db: Session, actor: Actor, session_ref: str, draft: OwnDebriefDraft) -> None:
    """Keep how a session was for her: that she heard something hard, and her own words.

    Her supervisor alone reads it. It is kept once, and a hard session is asked about.
    """
    actor.require(Permission.OWN_VOLUNTEERING)
    draft = draft.checked()
    volunteer = find(db, actor, lock=True)
    rows = _helped(db, volunteer, clock.today() - ASKED_FOR, clock.today())
    session = next((one for one, _group, _room in rows if one.ref == session_ref), None)
    if session is None:
        raise NotFoundError("session")
    if session.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Come back to this after it.")
    twin = select(VolunteerDebrief.id).where(
        VolunteerDebrief.volunteer_id == volunteer.id, VolunteerDebrief.session_id == session.id
    )
    if db.scalar(twin) is not None:
        raise ConflictError("You have told us of this session. For more, use “How are you?”.")
    kept = VolunteerDebrief(
        volunteer_id=volunteer.id,
        session_id=session.id,
        at=clock.now(),
        heard_hard=draft.heard_hard,
        words=draft.words or None,
    )
    db.add(kept)
    audit.record(
        db, actor, "debrief.own_recorded", f"volunteer:{volunteer.ref}", session=session.ref
    )


def _helped(
    db: Session, volunteer: Volunteer, first: date, last: date
) -> list[tuple[GroupSession, str, str | None]]:
    """The sessions she helps at between two days: she said yes, or is placed with the group and
    has not said no to that session."""
    placed = _placed(db, volunteer, first, last)
    answers = dict(
        db.execute(
            select(Shift.session_id, Shift.state)
            .join(GroupSession, GroupSession.id == Shift.session_id)
            .where(Shift.volunteer_id == volunteer.id, *_between(first, last))
            .order_by(Shift.id)
        ).all()
    )
    query = (
        select(GroupSession, Group.code_name, Room.name)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Room, Room.id == GroupSession.room_id)
        .where(
            *_between(first, last),
            GroupSession.state != SessionState.CANCELLED,
            or_(
                GroupSession.id.in_(answers),
                GroupSession.group_id.in_({one.group_id for one in placed}),
            ),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return [
        (session, group, room)
        for session, group, room in db.execute(query)
        if _is_there(session, answers.get(session.id), placed)
    ]


def _between(first: date, last: date) -> Iterator[ColumnElement[bool]]:
    yield GroupSession.starts_at >= clock.start_of_day(first)
    yield GroupSession.starts_at < clock.start_of_day(last + timedelta(days=1))


def _placed(db: Session, volunteer: Volunteer, first: date, last: date) -> list[Placement]:
    query = select(Placement).where(
        Placement.volunteer_id == volunteer.id,
        Placement.starts_on <= last,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= first),
    )
    return list(db.scalars(query))


def _is_there(
    session: GroupSession, answered: ShiftState | None, placed: Iterable[Placement]
) -> bool:
    if answered is not None:
        return answered is ShiftState.ACCEPTED
    day = clock.local(session.starts_at, session.zone).date()
    return any(
        one.group_id == session.group_id
        and one.starts_on <= day
        and (one.ends_on is None or day <= one.ends_on)
        for one in placed
    )


def _people(
    db: Session, actor: Actor, volunteer: Volunteer, session: GroupSession
) -> tuple[Comer, ...]:
    """Who is expected, by first names told apart; nobody where she must not meet somebody."""
    answers = placing.for_volunteers(db, [volunteer], session.group_id, since=clock.today())
    query = (
        select(Person)
        .join(Place, Place.person_id == Person.id)
        .where(expected(session), visible_beside_her(actor))
    )
    people = list(db.scalars(query))
    if answers[volunteer.id] is Answer.HARD:
        return ()
    # A child's last name is never shown, not even by a letter; nor is anybody's.
    names = told_apart([(one.known_as or one.first_name, "") for one in people])
    shown = [Comer(name, needs(one)) for name, one in zip(names, people, strict=True)]
    return tuple(sorted(shown, key=lambda one: one.first_name.casefold()))


def _own(
    session: GroupSession, group: str, room: str | None, people: tuple[Comer, ...] = ()
) -> OwnSession:
    return OwnSession(
        ref=session.ref,
        group=group,
        number=session.number,
        topic=session.topic,
        starts=clock.wall(session.starts_at, session.zone),
        ends=clock.wall(session.ends_at, session.zone),
        room=room,
        people=people,
    )
