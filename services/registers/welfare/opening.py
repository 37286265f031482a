"""Owing a call and no longer owing it: steps of the register, which has asked whether she may."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CallState, GroupSession, Mark, Place, WelfareCall, new_ref
from services import clock, organisation
from services.attendance import UNEXPLAINED
from services.concerns import risk
from services.permissions import Actor
from services.registers.welfare import rules

_CODES = [code.value for code in UNEXPLAINED]


def owe(db: Session, held: GroupSession) -> int:
    """A call for everybody absent without a word, one a person and session; how many are new.

    One that was withdrawn is owed again. The session is locked by the caller, so nothing is
    made twice.
    """
    absent = _absent(db, held)
    missed_on = clock.local(held.starts_at, held.zone).date()
    query = (
        select(WelfareCall, Place.person_id)
        .join(Place, Place.id == WelfareCall.place_id)
        .where(WelfareCall.session_id == held.id)
    )
    made = db.execute(query).all()
    kept = {call.place_id: call for call, _person in made}
    owed = {person for call, person in made if call.state is not CallState.WITHDRAWN}
    fresh = {person: place for person, place in absent.items() if person not in owed}
    urgent = risk.at_high(db, list(fresh)) if fresh else set()
    nation = organisation.region(db) if fresh else ""
    for person, place in fresh.items():
        due = rules.due_on(missed_on, is_urgent=person in urgent, region=nation)
        _open(db, held, place, kept.get(place), is_urgent=person in urgent, due_on=due)
    return len(fresh)


def withdraw(db: Session, held: GroupSession, place_ids: Collection[int], *, by: Actor) -> None:
    """Close the open calls of these places: their marks no longer say absent without a word."""
    if not place_ids:
        return
    query = select(WelfareCall).where(
        WelfareCall.session_id == held.id,
        WelfareCall.place_id.in_(place_ids),
        WelfareCall.state == CallState.OPEN,
    )
    for call in db.scalars(query):
        call.state = CallState.WITHDRAWN
        call.closed_at, call.closed_by_id = clock.now(), by.account_id


def _absent(db: Session, held: GroupSession) -> dict[int, int]:
    """Who is marked absent without a word: person to place."""
    query = (
        select(Place.person_id, Place.id)
        .join(Mark, Mark.place_id == Place.id)
        .where(Mark.session_id == held.id, Mark.code.in_(_CODES))
        .order_by(Place.id)
    )
    found: dict[int, int] = {}
    for person, place in db.execute(query):
        found.setdefault(person, place)
    return found


def _open(
    db: Session,
    held: GroupSession,
    place_id: int,
    call: WelfareCall | None,
    *,
    is_urgent: bool,
    due_on: date,
) -> None:
    missed_on = clock.local(held.starts_at, held.zone).date()
    if call is None:
        call = WelfareCall(ref=new_ref(), session_id=held.id, place_id=place_id, tries=0)
        db.add(call)
    call.missed_on, call.is_urgent = missed_on, is_urgent
    call.due_on = due_on
    call.state, call.opened_at = CallState.OPEN, clock.now()
    call.closed_at, call.closed_by_id = None, None
