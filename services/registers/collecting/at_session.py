"""Collecting at a session: what the register says of each child, and who collected her."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Collected,
    Collector,
    GroupSession,
    Mark,
    Person,
    PersonKind,
    Place,
    SessionState,
)
from services import audit, clock
from services.attendance import AttendanceCode
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.registers import who_is_on
from services.registers.collecting.on_register import in_words

_WAS_THERE = [code.value for code in AttendanceCode if code.attended]


@dataclass(frozen=True, slots=True)
class Child:
    """A child who is to be collected: by whom she may be, and by whom she was."""

    place_ref: str
    name: str
    may: dict[str, str]  # reference → name, and what they are to the child
    chosen: str | None
    by: str | None  # who noted it, when that was a colleague


def of_session(db: Session, actor: Actor, session_ref: str) -> list[Child]:
    """The children marked as there, by name; whoever must not collect is never to be chosen."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = who_is_on.find_session(db, actor, session_ref)
    query = (
        select(Place, Person, Collector.ref, Account.display_name)
        .join(Person, Person.id == Place.person_id)
        .join(Mark, and_(Mark.place_id == Place.id, Mark.session_id == held.id))
        .outerjoin(Collected, and_(Collected.place_id == Place.id, Collected.session_id == held.id))
        .outerjoin(Collector, Collector.id == Collected.collector_id)
        .outerjoin(
            Account, and_(Account.id == Collected.account_id, Account.id != actor.account_id)
        )
        .where(
            who_is_on.on_register(actor, held),
            Person.kind == PersonKind.CHILD,
            Mark.code.in_(_WAS_THERE),
        )
    )
    rows = db.execute(query).all()
    lists = _may(db, [person.id for _place, person, *_rest in rows])
    children = [
        Child(place.ref, full_name(person), lists[person.id], chosen, by)
        for place, person, chosen, by in rows
    ]
    return sorted(children, key=lambda child: child.name.casefold())


def collected(
    db: Session,
    actor: Actor,
    session_ref: str,
    place_ref: str,
    collector_ref: str | None,
    *,
    seen: str | None,
) -> None:
    """Note who collected a child, or take it back. `seen` is who stood there before.

    Raises ConflictError when a colleague has noted somebody else meanwhile.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, _group = who_is_on.find_session(db, actor, session_ref, lock=True)
    _check(held)
    place = db.scalar(
        select(Place).where(Place.ref == place_ref, who_is_on.on_register(actor, held))
    )
    if place is None:
        raise NotFoundError("place")
    who = _who(db, place, collector_ref) if collector_ref else None
    kept = db.scalar(
        select(Collected).where(Collected.session_id == held.id, Collected.place_id == place.id)
    )
    stands = db.get_one(Collector, kept.collector_id).ref if kept else None
    if stands == collector_ref:
        return
    if stands != seen:
        raise ConflictError("A colleague has noted meanwhile who collected. Look at it again.")
    _write(db, actor, held, place, kept, who)
    audit.record(db, actor, "child.collected", f"session:{held.ref}", noted=who is not None)


def _write(
    db: Session,
    actor: Actor,
    held: GroupSession,
    place: Place,
    kept: Collected | None,
    who: Collector | None,
) -> None:
    if who is None:
        db.delete(kept)
        return
    if kept is None:
        kept = Collected(session_id=held.id, place_id=place.id)
        db.add(kept)
    kept.collector_id, kept.at, kept.account_id = who.id, clock.now(), actor.account_id


def _check(held: GroupSession) -> None:
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so nobody was collected.")
    if held.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Note afterwards who collected.")


def _who(db: Session, place: Place, ref: str) -> Collector:
    """Somebody who may collect this child now; a changed list or browser gets no further."""
    found = db.scalar(
        select(Collector).where(
            Collector.ref == ref,
            Collector.person_id == place.person_id,
            Collector.may_collect,
            Collector.ended_at.is_(None),
        )
    )
    if found is None:
        raise InvalidInputError(
            {"collector": "This person may not collect the child: keep the child with you."}
        )
    return found


def _may(db: Session, person_ids: Collection[int]) -> defaultdict[int, dict[str, str]]:
    query = select(Collector.person_id, Collector.ref, Collector.name, Collector.relation).where(
        Collector.person_id.in_(person_ids), Collector.may_collect, Collector.ended_at.is_(None)
    )
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for person, ref, name, relation in db.execute(query.order_by(Collector.id)):
        found[person][ref] = in_words(name, relation)
    return found
