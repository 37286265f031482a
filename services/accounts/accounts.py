"""Staff accounts: making and closing them, passwords, locking after wrong attempts."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import bcrypt
import pandas as pd
from sqlalchemy import case, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Account, Role, new_ref
from services import audit, clock, organisation
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.organisation import OrganisationSettings
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged

MAX_ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)
MIN_PASSWORD = 12
MAX_PASSWORD_BYTES = 72  # bcrypt reads no further


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """A new account as it was filled in."""

    username: str
    display_name: str
    password: str
    role: Role

    def checked(self) -> "AccountDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        name = self.username
        if not (3 <= len(name) <= 60 and name.isascii() and name == name.lower()):  # noqa: PLR2004
            problems["username"] = "Use 3 to 60 small letters, digits, dots or hyphens."
        elif not name.replace(".", "").replace("-", "").replace("_", "").isalnum():
            problems["username"] = "Use small letters, digits, dots or hyphens only."
        if not self.display_name.strip():
            problems["display_name"] = "Enter the name colleagues know her by."
        problems |= password_problems(self.password)
        if problems:
            raise InvalidInputError(problems)
        return self


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """One account, as an administrator sees it."""

    ref: str
    name: str
    is_active: bool


def password_problems(password: str) -> dict[str, str]:
    """What is wrong with a new password, if anything."""
    if len(password) < MIN_PASSWORD:
        return {"password": f"Use at least {MIN_PASSWORD} characters; four plain words do well."}
    if len(password.encode()) > MAX_PASSWORD_BYTES or password != password.strip():
        return {"password": "Use up to 72 characters, with no space at either end."}
    return {}


def set_up(db: Session, house: OrganisationSettings, draft: AccountDraft) -> None:
    """The first day: the organisation and its administrator. Every fault is told at once."""
    problems: dict[str, str] = {}
    for part in (house, draft):
        try:
            part.checked()
        except InvalidInputError as error:
            problems |= error.problems
    if problems:
        raise InvalidInputError(problems)
    organisation.start(db, house)  # refused, as the second of two would be
    account = _new_account(draft)
    db.add(account)
    audit.record(db, None, "account.created", f"account:{account.ref}", role=draft.role.value)


def create_from_console(db: Session, draft: AccountDraft) -> str:
    """Make an account for whoever holds the machine itself: `manage create-user`."""
    return _create(db, None, draft)


def create(db: Session, actor: Actor, draft: AccountDraft) -> str:
    """Make an account and give back its reference."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    return _create(db, actor, draft)


def close(db: Session, actor: Actor, ref: str) -> None:
    """Close an account; her open sessions end at her next click."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    account = _found(db, ref)
    if account.id == actor.account_id:
        raise ConflictError("You cannot close your own account. Ask another administrator.")
    account.is_active = False
    account.sessions_valid_from = clock.now()
    audit.record(db, actor, "account.closed", f"account:{ref}")


def reopen(db: Session, actor: Actor, ref: str) -> None:
    """Open a closed or locked account again."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    account = _found(db, ref)
    account.is_active, account.failed_attempts, account.locked_until = True, 0, None
    audit.record(db, actor, "account.reopened", f"account:{ref}")


def set_password(db: Session, actor: Actor, ref: str, password: str) -> None:
    """Give an account a new password, her own or as an administrator; old sessions end."""
    if ref != actor.ref:
        actor.require(Permission.MANAGE_ACCOUNTS)
    if problems := password_problems(password):
        raise InvalidInputError(problems)
    account = _found(db, ref)
    account.password_hash = hash_password(password)
    account.sessions_valid_from = clock.now()
    account.failed_attempts, account.locked_until = 0, None
    audit.record(db, actor, "account.password_changed", f"account:{ref}")


@while_unchanged
def directory(db: Session, actor: Actor) -> pd.DataFrame:
    """Every account: ref, username, name, role, active, locked, created."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    query = select(
        Account.ref,
        Account.username,
        Account.display_name,
        Account.role,
        Account.is_active,
        Account.locked_until,
        Account.created_at,
    ).order_by(Account.username)
    columns = ["ref", "username", "name", "role", "active", "locked_until", "created"]
    frame = pd.DataFrame(db.execute(query).all(), columns=columns)
    frame["role"] = frame["role"].map(lambda role: role.value)
    return frame


def summary(db: Session, actor: Actor, ref: str) -> AccountSummary:
    """One account, for whoever manages accounts."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    account = _found(db, ref)
    return AccountSummary(ref=ref, name=account.display_name, is_active=account.is_active)


@while_unchanged
def facilitators(db: Session, actor: Actor) -> dict[str, str]:
    """The open facilitator accounts a group can be given to: reference to name."""
    actor.require(Permission.EDIT_GROUPS)
    query = select(Account.ref, Account.display_name).where(
        Account.role == Role.FACILITATOR, Account.is_active
    )
    return dict(sorted(db.execute(query), key=lambda pair: pair[1].casefold()))


def password_hash_for(db: Session, username: str) -> str:
    """The hash a password must fit to sign in as `username` just now.

    For a name that is unknown, closed or locked it is a hash nothing fits, so that the answer
    and the time it takes are the same.
    """
    query = select(Account.password_hash).where(
        Account.username == username,
        Account.is_active,
        or_(Account.locked_until.is_(None), Account.locked_until <= clock.now()),
    )
    return db.scalar(query) or _nobody()


def record_failure(db: Session, username: str) -> None:
    """Count a wrong password in the database, where every replica and tab adds to one sum."""
    locked_until = clock.now() + LOCKED_FOR
    failed = Account.failed_attempts + 1
    db.execute(
        update(Account)
        .where(Account.username == username)
        .values(
            failed_attempts=case((failed >= MAX_ATTEMPTS, 0), else_=failed),
            locked_until=case((failed >= MAX_ATTEMPTS, locked_until), else_=Account.locked_until),
        )
    )
    ref = db.scalar(select(Account.ref).where(Account.username == username))
    audit.record(db, None, "signin.refused", f"account:{ref or 'unknown'}")


def hash_password(password: str) -> str:
    """The bcrypt hash of a password; about a fifth of a second by design."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def _create(db: Session, actor: Actor | None, draft: AccountDraft) -> str:
    account = _new_account(draft)
    db.add(account)
    try:
        audit.record(db, actor, "account.created", f"account:{account.ref}", role=draft.role.value)
    except IntegrityError as error:
        raise InvalidInputError({"username": "This user name is taken. Choose another."}) from error
    return account.ref


def _new_account(draft: AccountDraft) -> Account:
    draft.checked()
    now = clock.now()
    return Account(
        ref=new_ref(),
        username=draft.username,
        display_name=draft.display_name.strip(),
        password_hash=hash_password(draft.password),
        role=draft.role,
        created_at=now,
        sessions_valid_from=now,
    )


def _found(db: Session, ref: str) -> Account:
    account = db.scalar(select(Account).where(Account.ref == ref))
    if account is None:
        raise NotFoundError("account")
    return account


@cache
def _nobody() -> str:
    """The hash of a password that was never written down."""
    return hash_password(secrets.token_urlsafe(32))
