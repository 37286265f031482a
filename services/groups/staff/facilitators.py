"""Who runs a group: changing it while the group runs, and standing in for some days."""

from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, GroupSession, SessionState
from services import audit, clock
from services.accounts import colleagues
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.groups import groups
from services.groups.schedules import clashes
from services.groups.schedules.clashes import Clash, Slot
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission

_COLUMNS = ["account", "name", "leads", "starts", "ends"]


def of_group(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """Who runs a group now, or is to stand in: account, name, leads, starts and ends (None for
    somebody who runs it from its first day to its last)."""
    actor.require(Permission.KEEP_COVER)
    group = groups.find(db, actor, group_ref)
    query = (
        select(
            Account.ref,
            Account.display_name,
            Facilitation.is_lead,
            Facilitation.starts_on,
            Facilitation.ends_on,
        )
        .join(Account, Account.id == Facilitation.account_id)
        .where(Facilitation.group_id == group.id, runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    )
    return pd.DataFrame(db.execute(query).all(), columns=_COLUMNS)


def clashing(
    db: Session,
    actor: Actor,
    group_ref: str,
    account_ref: str,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> tuple[Clash, ...]:
    """Where she would be needed twice if she ran this group, to look at before she is asked to."""
    actor.require(Permission.KEEP_COVER)
    group = groups.find(db, actor, group_ref)
    account = colleagues.chosen(db, account_ref, Permission.TAKE_REGISTER, field="account")
    return _clashes(db, group, account, starts_on, ends_on)


def add(
    db: Session,
    actor: Actor,
    group_ref: str,
    account_ref: str,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    despite: str = "",
) -> None:
    """Let a colleague run a group: for good, or to stand in from one day to another.

    She sees the group and the people in it from now on, so that she can prepare. Raises
    InvalidInputError at `despite` where she is needed elsewhere and no reason is given.
    """
    actor.require(Permission.KEEP_COVER)
    _check_days(starts_on, ends_on)
    group = groups.find(db, actor, group_ref, lock=True)
    account = colleagues.chosen(db, account_ref, Permission.TAKE_REGISTER, field="account")
    known = _held(db, group, account)
    if known is not None and (known.ends_on is None or known.ends_on >= clock.today()):
        raise InvalidInputError({"account": "She runs this group already. Choose a colleague."})
    twice = _clashes(db, group, account, starts_on, ends_on)
    weighed = clashes.weighed(twice, despite) is not None
    if known is None:
        known = Facilitation(group_id=group.id, account_id=account.id)
        db.add(known)
    known.starts_on, known.ends_on, known.is_lead = starts_on, ends_on, False
    audit.record(
        db, actor, "group.facilitator_added", f"group:{group.ref}", account=account.ref,
        stands_in=ends_on is not None, weighed=weighed,
    )  # fmt: skip


def end(db: Session, actor: Actor, group_ref: str, account_ref: str, *, on: date) -> None:
    """Somebody no longer runs a group; `on` is her last day. The group keeps at least one.

    For a week after that day she can still finish what she began.
    """
    actor.require(Permission.KEEP_COVER)
    group = groups.find(db, actor, group_ref, lock=True)
    account = db.scalar(select(Account).where(Account.ref == account_ref))
    known = None if account is None else _held(db, group, account)
    if account is None or known is None or (known.ends_on and known.ends_on < clock.today()):
        raise NotFoundError("colleague who runs this group")
    if known.starts_on is not None and on < known.starts_on:
        raise InvalidInputError({"ends_on": "Her last day cannot be before her first."})
    others = select(Facilitation.id).where(
        Facilitation.group_id == group.id,
        Facilitation.account_id != account.id,
        Facilitation.ends_on.is_(None),
    )
    if db.scalar(others.limit(1)) is None:
        raise ConflictError("Somebody must run this group. Add another colleague first.")
    known.ends_on, known.is_lead = on, False
    audit.record(db, actor, "group.facilitator_ended", f"group:{group.ref}", account=account.ref)


def lead(db: Session, actor: Actor, group_ref: str, account_ref: str) -> None:
    """Say which of those who run a group leads it; nobody who only stands in."""
    actor.require(Permission.KEEP_COVER)
    group = groups.find(db, actor, group_ref, lock=True)
    query = (
        select(Facilitation, Account.ref)
        .join(Account, Account.id == Facilitation.account_id)
        .where(Facilitation.group_id == group.id, Facilitation.ends_on.is_(None))
        .with_for_update(of=Facilitation)
    )
    run = {ref: one for one, ref in db.execute(query)}
    if account_ref not in run:
        raise NotFoundError("colleague who runs this group")
    for ref, one in run.items():
        one.is_lead = ref == account_ref
    audit.record(db, actor, "group.lead_changed", f"group:{group.ref}", account=account_ref)


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    if (starts_on is None) != (ends_on is None):
        raise InvalidInputError({"ends_on": "Choose both days, or neither if she stays."})
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidInputError({"ends_on": "The last day cannot be before the first."})
    if ends_on is not None and ends_on < clock.today():
        raise InvalidInputError({"ends_on": "Choose a last day that is still to come."})


def _held(db: Session, group: Group, account: Account) -> Facilitation | None:
    query = select(Facilitation).where(
        Facilitation.group_id == group.id, Facilitation.account_id == account.id
    )
    return db.scalar(query.with_for_update())


def _clashes(
    db: Session, group: Group, account: Account, starts_on: date | None, ends_on: date | None
) -> tuple[Clash, ...]:
    """Of this colleague alone: what else is needed twice was weighed when it was planned."""
    query = select(GroupSession).where(
        GroupSession.group_id == group.id,
        GroupSession.state == SessionState.PLANNED,
        GroupSession.starts_at >= clock.start_of_day(max(clock.today(), starts_on or date.min)),
    )
    slots = [
        Slot(one.starts_at, one.ends_at)
        for one in db.scalars(query)
        if ends_on is None or clock.local(one.starts_at, one.zone).date() <= ends_on
    ]
    found = clashes.found(db, slots, facilitators=[account.id], group_id=group.id)
    return tuple(one for one in found if one.kind is clashes.Kind.FACILITATOR)
