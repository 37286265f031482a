"""Colleagues whom a record can name: open accounts whose role allows something."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Account
from services.errors import InvalidInputError
from services.permissions import ROLE_PERMISSIONS, Permission


def who_may(db: Session, permission: Permission) -> dict[str, str]:
    """The open accounts that may do something, by name: reference to name.

    No permission of its own: a step of other services, which have asked.
    """
    query = select(Account.ref, Account.display_name).where(*_open(permission))
    return dict(sorted(db.execute(query), key=lambda pair: pair[1].casefold()))


def chosen(db: Session, ref: str, permission: Permission, *, field: str) -> Account:
    """The account behind a reference chosen from `who_may`.

    Raises InvalidInputError at `field` when it is closed or may not do it any more.
    """
    query = select(Account).where(Account.ref == ref, *_open(permission))
    account = db.scalar(query)
    if account is None:
        raise InvalidInputError({field: "Choose a colleague from the list: her account is open."})
    return account


def _open(permission: Permission) -> tuple[ColumnElement[bool], ...]:
    roles = [role for role, may in ROLE_PERMISSIONS.items() if permission in may]
    return Account.role.in_(roles), Account.is_active.is_(True)
