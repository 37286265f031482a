"""Signed-in browsers: remembered in the database, locked when idle, ended for good."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import Account, Organisation, SignIn
from services import audit, clock
from services.permissions import Actor

LASTS = timedelta(hours=12)
# Writing "seen" on every click would make every reader a writer.
SEEN_EVERY = timedelta(seconds=30)


class Standing(enum.Enum):
    """What a browser's cookie is worth just now."""

    VALID = "valid"
    IDLE = "idle"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a cookie, and whether she may go on; `actor` only when she may."""

    standing: Standing
    actor: Actor | None = None
    seen_at: datetime | None = None


def digest(username: str, expires: float) -> str:
    """What is kept of a cookie: enough to know it again, not enough to make one."""
    return sha256(f"{username}|{expires}".encode()).hexdigest()


def begin(db: Session, username: str, expires: float) -> None:
    """Remember a browser that has just given the right password."""
    account = db.scalars(select(Account).where(Account.username == username)).one()
    account.failed_attempts, account.locked_until = 0, None
    now = clock.now()
    db.add(
        SignIn(
            account_id=account.id,
            token_digest=digest(username, expires),
            issued_at=now,
            last_seen_at=now,
        )
    )
    audit.record(db, actor_of(account), "signin.succeeded", f"account:{account.ref}")


def visitor(db: Session, username: str, expires: float) -> Visitor:
    """Who this is, read afresh in every run: a closed account counts at the next click."""
    row = db.execute(_VISITOR, {"digest": digest(username, expires)}).one_or_none()
    now = clock.now()
    if row is None or not row.is_active:
        return Visitor(Standing.ENDED)
    if row.ended_at is not None or row.issued_at + LASTS < now:
        return Visitor(Standing.ENDED)
    if row.issued_at < row.sessions_valid_from:
        return Visitor(Standing.ENDED)
    if row.last_seen_at + timedelta(minutes=row.idle_minutes) < now:
        return Visitor(Standing.IDLE)
    actor = Actor(row.account_id, row.ref, row.username, row.name, row.role)
    return Visitor(Standing.VALID, actor, row.last_seen_at)


def seen(db: Session, username: str, expires: float) -> None:
    """Note that she is still there."""
    db.execute(
        update(SignIn)
        .where(SignIn.token_digest == digest(username, expires))
        .values(last_seen_at=clock.now())
    )


def end(db: Session, actor: Actor, expires: float) -> None:
    """Sign this browser out: its cookie is worth nothing from now on, wherever it is copied."""
    db.execute(
        update(SignIn)
        .where(SignIn.token_digest == digest(actor.username, expires))
        .values(ended_at=clock.now())
    )
    audit.record(db, actor, "signin.ended", f"account:{actor.ref}")


def actor_of(account: Account) -> Actor:
    """The account as services know it."""
    return Actor(
        account_id=account.id,
        ref=account.ref,
        username=account.username,
        name=account.display_name,
        role=account.role,
    )


_VISITOR = (
    # Columns, no records: this is asked at every click and every look of an open register.
    select(
        SignIn.ended_at,
        SignIn.issued_at,
        SignIn.last_seen_at,
        Account.is_active,
        Account.sessions_valid_from,
        Account.id.label("account_id"),
        Account.ref,
        Account.username,
        Account.display_name.label("name"),
        Account.role,
        Organisation.idle_minutes,
    )
    .join(Account, Account.id == SignIn.account_id)
    .join(Organisation, Organisation.id == 1)
    .where(SignIn.token_digest == bindparam("digest"))
)
