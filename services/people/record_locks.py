"""Keeping a named colleague out of a named person's record, and letting her in again.

For her the record does not exist then: `visible_people` and `visible_places` leave it out.
"""

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from models import Account, RecordLock
from services import audit, clock
from services.accounts import colleagues
from services.errors import ConflictError, InvalidInputError
from services.people import one_person
from services.permissions import Actor, Permission

MAX_REASON = 500
_COLUMNS = ["account_ref", "name", "reason", "since", "by"]


def kept_out(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """Who is kept out of a record: account_ref, name, reason, since (instant), by."""
    actor.require(Permission.LOCK_RECORDS)
    keeper = aliased(Account)
    query = (
        select(
            Account.ref, Account.display_name, RecordLock.reason, RecordLock.locked_at,
            keeper.display_name,
        )
        .join(Account, Account.id == RecordLock.account_id)
        .join(keeper, keeper.id == RecordLock.locked_by_id)
        .where(RecordLock.person_id == one_person.number_of(db, actor, ref))
        .order_by(RecordLock.id)
    )  # fmt: skip
    return pd.DataFrame(db.execute(query).all(), columns=_COLUMNS)


def others(db: Session, actor: Actor, ref: str) -> dict[str, str]:
    """Whom she could keep out of a record: account reference to name, herself left out."""
    actor.require(Permission.LOCK_RECORDS)
    out = select(Account.ref).join(RecordLock, RecordLock.account_id == Account.id)
    person = one_person.number_of(db, actor, ref)
    already = set(db.scalars(out.where(RecordLock.person_id == person)))
    everybody = colleagues.who_may(db, Permission.READ_PEOPLE)
    return {one: name for one, name in everybody.items() if one not in already and one != actor.ref}


def keep_out(db: Session, actor: Actor, ref: str, account_ref: str, *, reason: str) -> None:
    """Keep a colleague out of a person's record from her next click on."""
    actor.require(Permission.LOCK_RECORDS)
    if not 1 <= len(reason.strip()) <= MAX_REASON:
        raise InvalidInputError({"reason": f"Say why, in up to {MAX_REASON} letters."})
    if account_ref == actor.ref:
        raise InvalidInputError(
            {"colleague": "You cannot keep yourself out. Ask another coordinator to do it."}
        )
    # Only who could open a record otherwise can be kept out of it.
    colleague = colleagues.chosen(db, account_ref, Permission.READ_PEOPLE, field="colleague")
    person = one_person.number_of(db, actor, ref, lock=True)
    if db.scalar(_lock_of(person, account_ref)) is not None:
        raise ConflictError("She is kept out of this record already.")
    db.add(
        RecordLock(
            person_id=person,
            account_id=colleague.id,
            reason=reason.strip(),
            locked_by_id=actor.account_id,
            locked_at=clock.now(),
        )
    )
    audit.record(db, actor, "person.locked", f"person:{ref}", account=account_ref)


def let_in(db: Session, actor: Actor, ref: str, account_ref: str) -> None:
    """Let a colleague open the record again, as far as her role goes."""
    actor.require(Permission.LOCK_RECORDS)
    person = one_person.number_of(db, actor, ref, lock=True)
    lock = db.scalar(_lock_of(person, account_ref))
    if lock is None:
        raise ConflictError("She is not kept out of this record any more.")
    db.delete(lock)
    audit.record(db, actor, "person.unlocked", f"person:{ref}", account=account_ref)


def _lock_of(person: int, account_ref: str) -> Select[RecordLock]:
    return (
        select(RecordLock)
        .join(Account, Account.id == RecordLock.account_id)
        .where(RecordLock.person_id == person, Account.ref == account_ref)
    )
