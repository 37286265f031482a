"""The waiting list in fair order: by day of referral, whoever was put first before the others."""

import pandas as pd
from sqlalchemy import ColumnElement, case, select, tuple_
from sqlalchemy.orm import Session

from models import Account, Intervention, Person, Referral, ReferralState, ReferralWish
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.people import people
from services.permissions import Actor, Permission
from services.referrals.referral_steps import held
from services.visibility import visible_people

PAGE = 50
MAX_REASON = 500
# 0 for those put first, 1 for the others. The list is short whatever the programme's size, so
# it is put in order as it is read.
_LINE = case((Referral.jumped_at.is_not(None), 0), else_=1)


def listed(
    db: Session, actor: Actor, *, wish: str = "", after: tuple[int, object, int] | None = None
) -> pd.DataFrame:
    """A page of the waiting list, for one intervention or all, in the order places are offered.

    Columns: line (0 put first), received, number (give the last row's three as `after`), ref,
    name, kind, days (since the referral), put_first_because, put_first_by, put_first_on, version.
    """
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(_LINE, Referral, Person, Account.display_name)
        .join(Person, Person.id == Referral.person_id)
        .outerjoin(Account, Account.id == Referral.jumped_by_id)
        .where(Referral.state == ReferralState.WAITING, visible_people(actor))
        .order_by(_LINE, Referral.received_on, Referral.id)
        .limit(PAGE)
    )
    if wish:
        query = query.where(_asked_for(wish))
    if after is not None:
        query = query.where(tuple_(_LINE, Referral.received_on, Referral.id) > after)
    today = clock.today()
    rows = [
        (
            line,
            one.received_on,
            one.id,
            one.ref,
            people.full_name(person),
            person.kind.value,
            (today - one.received_on).days,
            one.jump_reason,
            by,
            clock.local(one.jumped_at).date() if one.jumped_at else None,
            one.version,
        )
        for line, one, person, by in db.execute(query)
    ]
    columns = [
        "line", "received", "number", "ref", "name", "kind", "days", "put_first_because",
        "put_first_by", "put_first_on", "version",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def put_first(db: Session, actor: Actor, ref: str, *, reason: str, version: int) -> None:
    """Let somebody on the waiting list go before the others, with the reason for all to see."""
    actor.require(Permission.EDIT_REFERRALS)
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInputError(
            {"jump": f"Say why she goes first, in up to {MAX_REASON} letters: it must be fair."}
        )
    referral = _waiting(db, actor, ref, version)
    referral.jumped_at = clock.now()
    referral.jump_reason = reason
    referral.jumped_by_id = actor.account_id
    audit.record(db, actor, "referral.put_first", f"referral:{ref}")


def put_back(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Undo that: she waits where the day of her referral puts her."""
    actor.require(Permission.EDIT_REFERRALS)
    referral = _waiting(db, actor, ref, version)
    referral.jumped_at = referral.jump_reason = referral.jumped_by_id = None
    audit.record(db, actor, "referral.put_back", f"referral:{ref}")


def _waiting(db: Session, actor: Actor, ref: str, version: int) -> Referral:
    referral = held(db, actor, ref)
    if referral.version != version or referral.state is not ReferralState.WAITING:
        raise ConflictError(
            "Somebody else changed this referral meanwhile. Look at the list again before you "
            "change her place in it."
        )
    return referral


def _asked_for(wish: str) -> ColumnElement[bool]:
    wishes = (
        select(ReferralWish.referral_id)
        .join(Intervention, Intervention.id == ReferralWish.intervention_id)
        .where(Intervention.ref == wish)
    )
    return Referral.id.in_(wishes)
