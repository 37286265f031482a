"""What is on record about colleagues who run groups, and when they are away."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, StaffAbsence, StaffCheck, StaffTraining, new_ref
from services import audit, clock
from services.accounts import colleagues
from services.errors import InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.programmes import programmes

LONGEST_ABSENCE = 366  # days
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDraft:
    """A colleague's training for a programme; without `valid_until` it does not end."""

    account_ref: str
    programme: str
    trained_on: date
    valid_until: date | None = None


def trainings(db: Session, actor: Actor) -> pd.DataFrame:
    """Training on record of colleagues whose account is open: name, programme (its title),
    trained_on, valid_until (None where it does not end)."""
    actor.require(Permission.KEEP_COVER)
    query = (
        select(
            Account.display_name,
            StaffTraining.programme,
            StaffTraining.trained_on,
            StaffTraining.valid_until,
        )
        .join(Account, Account.id == StaffTraining.account_id)
        .where(Account.is_active)
    )
    titles = programmes.titles(db)
    rows = [(name, titles.get(key, key), *days) for name, key, *days in db.execute(query)]
    rows.sort(key=lambda row: (str(row[0]).casefold(), row[1]))
    return pd.DataFrame(rows, columns=["name", "programme", "trained_on", "valid_until"])


def record_training(db: Session, actor: Actor, draft: TrainingDraft) -> None:
    """Record a colleague's training; a newer one for the same programme takes its place."""
    actor.require(Permission.KEEP_COVER)
    _check_past(draft.trained_on, "trained_on")
    if draft.valid_until is not None and draft.valid_until < draft.trained_on:
        raise InvalidInputError({"valid_until": "It cannot end before the training was."})
    account = colleagues.chosen(db, draft.account_ref, Permission.TAKE_REGISTER, field="account")
    if draft.programme not in programmes.titles(db):
        raise InvalidInputError({"programme": "Choose a programme from the list."})
    query = select(StaffTraining).where(
        StaffTraining.account_id == account.id, StaffTraining.programme == draft.programme
    )
    kept = db.scalar(query.with_for_update())
    if kept is None:
        kept = StaffTraining(account_id=account.id, programme=draft.programme)
        db.add(kept)
    kept.trained_on, kept.valid_until = draft.trained_on, draft.valid_until
    audit.record(
        db, actor, "staff.training_recorded", f"account:{account.ref}", programme=draft.programme
    )


def checks(db: Session, actor: Actor) -> pd.DataFrame:
    """Every colleague who may take a register and what is known of her check for work with
    children: name, checked_on, check_again_on (both None where nothing is on record)."""
    actor.require(Permission.KEEP_COVER)
    names = colleagues.who_may(db, Permission.TAKE_REGISTER)
    query = (
        select(Account.ref, StaffCheck.checked_on, StaffCheck.check_again_on)
        .join(Account, Account.id == StaffCheck.account_id)
        .where(Account.ref.in_(names))
    )
    known = {ref: days for ref, *days in db.execute(query)}
    rows = [(name, *known.get(ref, (None, None))) for ref, name in names.items()]
    return pd.DataFrame(rows, columns=["name", "checked_on", "check_again_on"])


def record_check(
    db: Session, actor: Actor, account_ref: str, *, checked_on: date, check_again_on: date
) -> None:
    """Record that a colleague was checked for work with children, and when to check again."""
    actor.require(Permission.KEEP_COVER)
    _check_past(checked_on, "checked_on")
    if check_again_on <= checked_on:
        raise InvalidInputError({"check_again_on": "Choose a day after the check."})
    account = colleagues.chosen(db, account_ref, Permission.TAKE_REGISTER, field="account")
    query = select(StaffCheck).where(StaffCheck.account_id == account.id)
    kept = db.scalar(query.with_for_update())
    if kept is None:
        kept = StaffCheck(account_id=account.id)
        db.add(kept)
    kept.checked_on, kept.check_again_on = checked_on, check_again_on
    audit.record(db, actor, "staff.check_recorded", f"account:{account.ref}")


def absences(db: Session, actor: Actor) -> pd.DataFrame:
    """Who is away now or later, the soonest first: absence, name, first_on, last_on."""
    actor.require(Permission.KEEP_COVER)
    query = (
        select(StaffAbsence.ref, Account.display_name, StaffAbsence.first_on, StaffAbsence.last_on)
        .join(Account, Account.id == StaffAbsence.account_id)
        .where(StaffAbsence.last_on >= clock.today())
        .order_by(StaffAbsence.first_on, StaffAbsence.id)
    )
    columns = ["absence", "name", "first_on", "last_on"]
    return pd.DataFrame(db.execute(query).all(), columns=columns)


def add_absence(
    db: Session, actor: Actor, account_ref: str, *, first_on: date, last_on: date
) -> str:
    """Note that a colleague is away; why is not asked. Gives back the absence's reference."""
    actor.require(Permission.KEEP_COVER)
    if last_on < first_on:
        raise InvalidInputError({"last_on": "The last day cannot be before the first."})
    if (last_on - first_on).days > LONGEST_ABSENCE:
        raise InvalidInputError({"last_on": "Note a year at most, and the rest later."})
    account = colleagues.chosen(db, account_ref, Permission.TAKE_REGISTER, field="account")
    overlapping = select(StaffAbsence.id).where(
        StaffAbsence.account_id == account.id,
        StaffAbsence.first_on <= last_on,
        StaffAbsence.last_on >= first_on,
    )
    if db.scalar(overlapping.limit(1)) is not None:
        raise InvalidInputError({"first_on": "She is away on some of these days already."})
    absence = StaffAbsence(ref=new_ref(), account_id=account.id, first_on=first_on, last_on=last_on)
    db.add(absence)
    audit.record(db, actor, "staff.absence_added", f"account:{account.ref}")
    return absence.ref


def remove_absence(db: Session, actor: Actor, absence_ref: str) -> None:
    """She is not away after all."""
    actor.require(Permission.KEEP_COVER)
    query = (
        select(StaffAbsence, Account.ref)
        .join(Account, Account.id == StaffAbsence.account_id)
        .where(StaffAbsence.ref == absence_ref)
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("absence")
    absence, account_ref = found
    db.delete(absence)
    audit.record(db, actor, "staff.absence_removed", f"account:{account_ref}")


def _check_past(day: date, field: str) -> None:
    if not _EARLIEST <= day <= clock.today():
        raise InvalidInputError({field: "Choose a day in the past, or today."})
