"""Which calls are owed: on a session, to a person, for Today; those of most harm if missed first.

Short lists, found through the index of what is open, whatever lies behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from models import CallState, Group, GroupSession, Person, PersonKind, Place, WelfareCall
from services import clock
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.registers.welfare import carers
from services.registers.welfare.carers import Carer
from services.safe_contact import Reach, reachable
from services.safe_contact.facts import Why
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import visible_people, visible_places, visible_sessions

MOST = 50
_NOBODY = Reach((), Why.NO_PLAN, carers.NOBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as a reader may see it: `is_urgent` is False for those who may not know of risk."""

    ref: str
    version: int
    person_ref: str
    name: str
    group: str
    session_ref: str
    number: int
    missed_on: date  # and the call is owed the same day
    is_urgent: bool
    is_overdue: bool
    tries: int
    state: CallState
    reach: Reach | None  # of those still owed: by which route she may be reached now
    contact_ref: str | None  # whom the call goes to: herself, or a child's carer
    carer: str | None  # the name of that carer


@while_unchanged
def of_session(db: Session, actor: Actor, session_ref: str) -> list[Call]:
    """The calls one session led to, those still owed first."""
    actor.require(Permission.TAKE_REGISTER)
    query = _calls(actor).where(
        GroupSession.ref == session_ref, WelfareCall.state != CallState.WITHDRAWN
    )
    order = WelfareCall.closed_at.is_not(None), *_HARM
    return _read(db, actor, query.order_by(*order).limit(MOST))


def of_person(db: Session, actor: Actor, person_ref: str) -> list[Call]:
    """The calls somebody is still owed, and those about her children that go to her."""
    actor.require(Permission.RECORD_CONTACT)
    her = db.scalar(select(Person.id).where(Person.ref == person_ref, visible_people(actor)))
    if her is None:
        return []
    people = {her} | carers.children_of(db, her)
    query = _calls(actor).where(Person.id.in_(people), _OPEN)
    calls = _read(db, actor, query.order_by(*_HARM).limit(MOST))
    return [one for one in calls if person_ref in (one.person_ref, one.contact_ref)]


@while_unchanged
def due(db: Session, actor: Actor) -> list[Call]:
    """Every call owed to people of her groups: at high risk first, and overdue before due."""
    actor.require(Permission.TAKE_REGISTER)
    return _read(db, actor, _due(actor))


@while_unchanged
def escalated(db: Session, actor: Actor) -> list[Call]:
    """For a coordinator, oldest first: calls that are overdue, urgent ones tried in vain, and at
    once those about a child no carer of whom is open to the facilitators of her group."""
    actor.require(Permission.EDIT_PEOPLE)
    return _read(db, actor, _escalated(actor))


def escalates() -> ColumnElement[bool]:
    """Whether others hear of an open call: its last day is over, or at high risk somebody tried in
    vain (domain §1.4)."""
    tried = and_(WelfareCall.is_urgent, WelfareCall.tries > 0)
    due = WelfareCall.due_on
    return or_(due < each_time(due, clock.today), tried)


_OPEN = WelfareCall.closed_at.is_(None)
_HARM = WelfareCall.is_urgent.desc(), WelfareCall.due_on, WelfareCall.id


@once
def _due(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _calls(actor).where(_OPEN).order_by(*_HARM).limit(MOST)


@once
def _escalated(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = _calls(actor).where(_OPEN, or_(escalates(), carers.out_of_reach()))
    return query.order_by(WelfareCall.due_on, WelfareCall.id).limit(MOST)


@once
def _calls(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            WelfareCall,
            *NAMED,
            Person.id.label("person_id"),
            Person.kind,
            Group.code_name,
            GroupSession.ref.label("session_ref"),
            GroupSession.number,
        )
        .join(GroupSession, GroupSession.id == WelfareCall.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .join(Place, Place.id == WelfareCall.place_id)
        .join(Person, Person.id == Place.person_id)
        .where(visible_sessions(actor), visible_places(actor))
    )


def _read(db: Session, actor: Actor, query: Select[*tuple[Any, ...]]) -> list[Call]:
    rows = db.execute(query).all()
    owed = [row for row in rows if row.WelfareCall.state is CallState.OPEN]
    children = {row.person_id for row in owed if row.kind is PersonKind.CHILD}
    theirs = carers.of_children(db, actor, children) if children else {}
    grown = {row.person_ref for row in owed if row.person_id not in children}
    asked = grown | {carer.ref for some in theirs.values() for carer in some}
    reach = reachable(db, actor, asked) if asked else {}
    return [_call(actor, row, reach, theirs) for row in rows]


def whom(carers_of_hers: Sequence[Carer], reach: Mapping[str, Reach]) -> Carer | None:
    """The carer to call: whoever may be reached now, or after a check, else the first."""
    order = sorted(
        carers_of_hers, key=lambda one: (not reach[one.ref].now, not reach[one.ref].to_check)
    )
    return order[0] if order else None


def _call(
    actor: Actor,
    row: Row[*tuple[Any, ...]],
    reach: Mapping[str, Reach],
    theirs: Mapping[int, Sequence[Carer]],
) -> Call:
    one: WelfareCall = row.WelfareCall
    is_open = one.state is CallState.OPEN
    is_child = row.kind is PersonKind.CHILD
    carer = whom(theirs.get(row.person_id, ()), reach) if is_child else None
    contact_ref = (carer.ref if carer else None) if is_child else row.person_ref
    return Call(
        ref=one.ref,
        version=one.version,
        person_ref=row.person_ref,
        name=full_name(row),
        group=row.code_name,
        session_ref=row.session_ref,
        number=row.number,
        missed_on=one.missed_on,
        is_urgent=one.is_urgent and actor.may(Permission.RECORD_RISK),
        is_overdue=is_open and one.missed_on < clock.today(),
        tries=one.tries,
        state=one.state,
        reach=(reach.get(contact_ref) if contact_ref else _NOBODY) if is_open else None,
        contact_ref=contact_ref,
        carer=carer.name if carer else None,
    )
