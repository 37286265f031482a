"""Noting what came of a call somebody is owed, and deciding what happens if nobody reaches her."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, CallState, GroupSession, Person, PersonKind, Place, WelfareCall
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.registers.welfare import carers, listing
from services.safe_contact import attempts, reachable
from services.safe_contact.attempts import AttemptDraft
from services.visibility import visible_places, visible_sessions

MAX_WORDS = 1_000


def record(db: Session, actor: Actor, call_ref: str, draft: AttemptDraft, *, version: int) -> bool:
    """Note an attempt in the contact log; the call is closed once she was reached.

    True when what came of it asks for contact to be suspended. Raises ConflictError when
    somebody has noted something since `version`.
    """
    actor.require(Permission.RECORD_CONTACT)
    call, person_ref, started = _held(db, actor, call_ref)
    _refuse_stale(db, call, version)
    draft = draft.checked(now=clock.now())
    if draft.at is not None and draft.at < started:
        raise InvalidInputError(
            {"at": "This was before the session she missed. Enter when you tried after it."}
        )
    return attempts.log(db, actor, _whom(db, actor, call, person_ref), draft)


def settle(db: Session, actor: Actor, call_ref: str, decision: str, *, version: int) -> None:
    """Close a call although nobody reached her, with what was decided instead."""
    actor.require(Permission.EDIT_PEOPLE)
    words = decision.strip()
    if not words:
        raise InvalidInputError({"decision": "Say what happens instead of the call."})
    if len(words) > MAX_WORDS:
        raise InvalidInputError({"decision": f"Shorten this to {MAX_WORDS} letters."})
    call, person_ref, _started = _held(db, actor, call_ref)
    _refuse_stale(db, call, version)
    call.state, call.settled_by = CallState.SETTLED, words
    call.closed_at, call.closed_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "call.settled", f"person:{person_ref}", call=call.ref)


def _whom(db: Session, actor: Actor, call: WelfareCall, person_ref: str) -> str:
    """Whose contact log the attempt belongs to: her own, or that of a child's carer."""
    child = db.scalar(
        select(Person.id)
        .join(Place, Place.person_id == Person.id)
        .where(Place.id == call.place_id, Person.kind == PersonKind.CHILD)
    )
    if child is None:
        return person_ref
    theirs = carers.of_children(db, actor, [child])[child]
    carer = listing.whom(theirs, reachable(db, actor, [one.ref for one in theirs]))
    if carer is None:
        raise ConflictError(carers.NOBODY)
    return carer.ref


def _held(db: Session, actor: Actor, ref: str) -> tuple[WelfareCall, str, datetime]:
    """A call this reader may see, held against other writers, with whom it is owed to."""
    query = (
        select(WelfareCall, Person.ref, GroupSession.starts_at)
        .join(Place, Place.id == WelfareCall.place_id)
        .join(Person, Person.id == Place.person_id)
        .join(GroupSession, GroupSession.id == WelfareCall.session_id)
        .where(WelfareCall.ref == ref, visible_places(actor), visible_sessions(actor))
        .with_for_update(of=WelfareCall)
        .execution_options(populate_existing=True)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("call")
    return found


def _refuse_stale(db: Session, call: WelfareCall, version: int) -> None:
    if call.state is CallState.WITHDRAWN:
        raise ConflictError("No call is owed any more: the mark was changed meanwhile.")
    if call.closed_at is not None:
        by = db.scalar(select(Account.display_name).where(Account.id == call.closed_by_id))
        raise ConflictError(f"{by} has dealt with this call already. Look at the contact log.")
    if call.version != version:
        raise ConflictError(
            "Somebody noted an attempt for this call meanwhile. Look at the contact log, and note "
            "yours if it was another one."
        )
