"""Colleagues whom a record can name: open accounts whose role allows something."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Account
from services.errors import InvalidInputError
from services.permissions import ROLE_PERMISSIONS, Permission


def who_may(db: Session, permission: Permission) -> dict[str, str]:
    """The open accounts that may do something, by name: reference to name.

    No permission of its own: a step of other services, which have asked.
    """
    return dict(sorted(db.execute(_open(permission)), key=lambda pair: pair[1].casefold()))


def account_id(db: Session, ref: str, permission: Permission, *, field: str) -> int:
    """The number behind a reference chosen from `who_may`.

    Raises InvalidInputError at `field` when the account is closed or may not do it any more.
    """
    found = db.scalar(_open(permission).with_only_columns(Account.id).where(Account.ref == ref))
    if found is None:
        raise InvalidInputError({field: "Choose a colleague from the list: her account is open."})
    return found


def _open(permission: Permission) -> Select[str, str]:
    roles = [role for role, may in ROLE_PERMISSIONS.items() if permission in may]
    query = select(Account.ref, Account.display_name)
    return query.where(Account.role.in_(roles), Account.is_active)
