"""The sessions a volunteer helps at, and who comes today."""

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
)
from services import audit, clock
from services.people.people import needs
from services.permissions import Actor, Permission
from services.placing import placing
from services.placing.placing import Answer
from services.printing.first_names import told_apart
from services.registers.who_is_on import expected
from services.visibility import visible_beside_her
from services.volunteers.herself.record import find

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
    for session, group, room in helped(db, volunteer, day, day):
        audit.viewed(db, actor, f"session:{session.ref}", action="session.viewed_by_helper")
        found.append(own(session, group, room, _people(db, actor, volunteer, session)))
    return found


def helped(
    db: Session, volunteer: Volunteer, first: date, last: date
) -> list[tuple[GroupSession, str, str | None]]:
    """The sessions she helps at between two days: she said yes, or is placed with the group and
    has not said no to that session. No permission of its own: a step of the services here."""
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


def own(
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
