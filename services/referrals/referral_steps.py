"""Moving a referral on by hand: an allowed step, its day, its reason; and what came before."""

from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CURRENT_PLACES, Account, Place, Referral, ReferralChange, ReferralState
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.referrals.referral_counts import counting
from services.referrals.referral_states import NEEDS_REASON, STEPS, stop_clocks
from services.visibility import visible_referrals

MAX_REASON = 500


def move(
    db: Session,
    actor: Actor,
    ref: str,
    to: ReferralState,
    *,
    on: date,
    version: int,
    reason: str = "",
) -> None:
    """Make one of the steps of `referral_states.STEPS`, on the day it was made.

    Raises ConflictError when somebody else has moved it since `version`, and while a place in
    a group moves it along.
    """
    actor.require(Permission.EDIT_REFERRALS)
    reason = reason.strip()
    referral = held(db, actor, ref)
    if referral.version != version:
        raise _moved_meanwhile(db, referral)
    _refuse_with_place(db, referral)
    _check(referral, to, on, reason)
    referral.place_id = None
    take_step(db, referral, to, on=on, by=actor, reason=reason or None)
    audit.record(db, actor, "referral.moved", f"referral:{ref}", to=to.value)


def history(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """A referral's steps, the latest first: on, before (None at first), after, by, reason."""
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(
            ReferralChange.changed_on,
            ReferralChange.from_state,
            ReferralChange.to_state,
            Account.display_name,
            ReferralChange.reason,
        )
        .join(Referral, Referral.id == ReferralChange.referral_id)
        .join(Account, Account.id == ReferralChange.account_id)
        .where(Referral.ref == ref, visible_referrals(actor))
        .order_by(ReferralChange.id.desc())
    )
    rows = [
        (on, before.value if before else None, after.value, by, reason)
        for on, before, after, by, reason in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["on", "before", "after", "by", "reason"])


def held(db: Session, actor: Actor, ref: str) -> Referral:
    """The referral, held until the transaction ends: of two steps the second sees the first."""
    actor.require(Permission.EDIT_REFERRALS)
    query = select(Referral).where(Referral.ref == ref, visible_referrals(actor))
    referral = db.scalar(query.with_for_update())
    if referral is None:
        raise NotFoundError("referral")
    return referral


def take_step(
    db: Session,
    referral: Referral,
    to: ReferralState,
    *,
    on: date,
    by: Actor,
    reason: str | None = None,
) -> None:
    """Write a step down, with the clocks it stops: the one way a referral's state changes."""
    before = referral.state
    with counting(db, referral):
        referral.state, referral.state_since = to, on
        stop_clocks(referral, to, on)
    note(db, referral, before, by=by, reason=reason)


def note(
    db: Session,
    referral: Referral,
    before: ReferralState | None,
    *,
    by: Actor,
    reason: str | None = None,
) -> None:
    """Keep the state a referral has come to in its history."""
    change = ReferralChange(
        referral_id=referral.id,
        from_state=before,
        to_state=referral.state,
        changed_on=referral.state_since,
        account_id=by.account_id,
        reason=reason,
    )
    db.add(change)


def _check(referral: Referral, to: ReferralState, on: date, reason: str) -> None:
    problems: dict[str, str] = {}
    if to not in STEPS[referral.state]:
        problems["state"] = "This step does not follow from where the referral is. Choose another."
    if not referral.state_since <= on <= clock.today():
        since = f"{referral.state_since.day} {referral.state_since:%B %Y}"
        problems["on"] = f"Choose a day from the last step, {since}, up to today."
    if to in NEEDS_REASON and not reason:
        problems["reason"] = "Give the reason, in neutral words, so that others can follow it."
    elif len(reason) > MAX_REASON:
        problems["reason"] = f"Shorten the reason to {MAX_REASON} letters; it has {len(reason)}."
    if problems:
        raise InvalidInputError(problems)


def _refuse_with_place(db: Session, referral: Referral) -> None:
    query = select(Place.id).where(Place.id == referral.place_id, Place.state.in_(CURRENT_PLACES))
    if referral.place_id is not None and db.scalar(query) is not None:
        raise ConflictError(
            "Her place in a group moves this referral along. Change or end the place on the "
            "group's page; this follows by itself."
        )


def _moved_meanwhile(db: Session, referral: Referral) -> ConflictError:
    query = (
        select(ReferralChange.changed_on, Account.display_name)
        .join(Account, Account.id == ReferralChange.account_id)
        .where(ReferralChange.referral_id == referral.id)
        .order_by(ReferralChange.id.desc())
        .limit(1)
    )
    on, by = db.execute(query).one()
    state = referral.state.value.replace("_", " ")
    return ConflictError(
        f"Meanwhile somebody else changed this referral. It is “{state}” now, last moved by {by} "
        f"on {on.day} {on:%B %Y}. Look at the history, and make your step again if it is still "
        "right.",
        theirs=referral.state.value,
    )
