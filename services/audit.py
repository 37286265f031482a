"""The audit log: what was done and seen, by whom; and the proof that nobody has touched it."""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

import pandas as pd
from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from models import Account, AuditEntry, AuditHead
from services import clock
from services.db import LOG, note_look
from services.permissions import Actor, Permission

FIRST_HASH = "0" * 64
PAGE = 50
VIEWED = "record.viewed"
ONE_LOOK = timedelta(minutes=10)
_BATCH = 5_000
# Every change in the programme comes by here: as tables, these cost half of what objects do.
_ENTRIES = cast(Table, AuditEntry.__table__)
_COLUMNS = tuple(column.name for column in _ENTRIES.columns)
_HEAD = select(AuditHead.last_id, AuditHead.last_hash, AuditHead.secret).with_for_update()
_ADD = insert(_ENTRIES)
_MOVE_ON = update(cast(Table, AuditHead.__table__))

Detail = str | int | bool | None


def record(
    db: Session, actor: Actor | None, action: str, subject: str = "", **details: Detail
) -> None:
    """Add one entry, `subject` as kind:ref, at the end of the chain and of the transaction.

    Details name what changed, never whose name or which words: the log must not become a
    second copy of personal data. Call it last, since it waits for every other writer.
    """
    db.flush()
    head = db.execute(_HEAD).one()
    entry = AuditEntry(
        id=head.last_id + 1,
        at=clock.now(),
        account_id=actor.account_id if actor else None,
        action=action,
        subject=subject,
        details=json.dumps(details, sort_keys=True),
        previous_hash=head.last_hash,
        hash="",
    )
    entry.hash = _entry_hash(head.secret, entry)
    db.execute(_ADD, {name: getattr(entry, name) for name in _COLUMNS})
    db.execute(_MOVE_ON, {"last_id": entry.id, "last_hash": entry.hash})
    began, _end = db.info.get(LOG, (head.last_id, 0))
    db.info[LOG] = began, entry.id


def viewed(
    db: Session, actor: Actor, subject: str, *, action: str = VIEWED, **details: Detail
) -> None:
    """Note that a record was looked at: one entry a look, not one a click."""

    def note(db: Session) -> None:
        if not has_looked(db, actor, subject, action=action):
            record(db, actor, action, subject, **details)

    if not has_looked(db, actor, subject, action=action):
        note_look(db, note)


def has_looked(db: Session, actor: Actor, subject: str, *, action: str = VIEWED) -> bool:
    """Whether a look of hers at this record is noted already, as part of the same look."""
    again = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.account_id == actor.account_id,
        AuditEntry.action == action,
        AuditEntry.at > clock.now() - ONE_LOOK,
    )
    return db.scalar(again.limit(1)) is not None


def start_chain(db: Session) -> None:
    """Make the head that every entry hangs from; once, when the organisation is made."""
    db.add(
        AuditHead(id=1, last_id=0, last_hash=FIRST_HASH, secret=secrets.token_hex(32)),
    )
    db.flush()


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the chain found: entries read, and a sentence for each fault."""

    entries: int
    faults: tuple[str, ...]


def verify(db: Session) -> Verification:
    """Walk the whole chain and say which entries were altered, removed or put out of order."""
    head = db.execute(select(AuditHead)).scalar_one()
    faults: list[str] = []
    expected_id, previous = 1, FIRST_HASH
    count = 0
    for entry in _entries(db):
        count += 1
        if entry.id != expected_id:
            faults.append(_missing(expected_id, entry.id - 1))
        elif entry.previous_hash != previous:
            faults.append(f"Entry {entry.id} does not follow from the one before it.")
        if not hmac.compare_digest(entry.hash, _entry_hash(head.secret, entry)):
            faults.append(f"Entry {entry.id} was altered.")
        expected_id, previous = entry.id + 1, entry.hash
    if expected_id <= head.last_id:
        faults.append(_missing(expected_id, head.last_id))
    elif expected_id - 1 > head.last_id or previous != head.last_hash:
        faults.append("The end of the log does not match its seal.")
    return Verification(count, tuple(faults))


def recent(
    db: Session, actor: Actor, *, before: int | None = None, username: str = "", subject: str = ""
) -> pd.DataFrame:
    """One page of the log, newest first: number, at, account, action, subject, details.

    All of it, or what one account did, or what happened to one record ("person:REF").
    """
    actor.require(Permission.READ_AUDIT)
    query = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            Account.username,
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.details,
        )
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if username:
        query = query.where(Account.username == username)
    if subject:
        query = query.where(AuditEntry.subject == subject)
    columns = ["number", "at", "account", "action", "subject", "details"]
    return pd.DataFrame(db.execute(query).all(), columns=columns)


def _entries(db: Session) -> Iterator[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=_BATCH)
    return iter(db.scalars(query))


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"Entry {first} is missing."
    return f"Entries {first} to {last} are missing."


def _entry_hash(secret: str, entry: AuditEntry) -> str:
    content: Mapping[str, Detail] = {
        "id": entry.id,
        "at": _stamp(entry.at),
        "account": entry.account_id,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous": entry.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(bytes.fromhex(secret), text.encode(), sha256).hexdigest()


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")
