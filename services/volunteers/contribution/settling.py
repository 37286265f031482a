"""Settling expenses: approving, paying, or sending back with what is missing."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Expense, ExpenseReceipt, ExpenseState, Volunteer, VolunteerSupport
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_to_herself, visible_volunteers
from services.volunteers.contribution.expenses import CHANGED
from services.volunteers.herself.record import find

MOST = 50
MAX_MISSING = 300
# Some cannot front the cost: after this it is late.
LATE = timedelta(days=7)
_OPEN = (ExpenseState.ASKED, ExpenseState.APPROVED)


def waiting(db: Session, actor: Actor) -> pd.DataFrame:
    """What is asked or approved and not paid, the longest first: ref, volunteer_ref, name, on,
    kind, pence, state, asked (a day), is_late."""
    actor.require(Permission.SETTLE_EXPENSES)
    late = clock.now() - LATE
    rows = [
        (
            one.ref,
            her.ref,
            f"{her.first_name} {her.last_name}",
            one.spent_on,
            one.kind.value,
            one.pence,
            one.state.value,
            clock.local(one.asked_at).date(),
            one.asked_at < late,
        )
        for one, her in db.execute(waiting_select(actor))
    ]
    columns = ["ref", "volunteer_ref", "name", "on", "kind", "pence", "state", "asked", "is_late"]
    return pd.DataFrame(rows, columns=columns)


@once
def waiting_select(actor: Actor) -> Select[Expense, Volunteer]:
    """The select behind `waiting`, for what only counts them."""
    return (
        select(Expense, Volunteer)
        .join(Volunteer, Volunteer.id == Expense.volunteer_id)
        .where(Expense.state.in_(_OPEN), visible_volunteers(actor))
        .order_by(Expense.asked_at, Expense.id)
        .limit(MOST)
    )


def approve(db: Session, actor: Actor, expense_ref: str, *, version: int) -> None:
    """Say yes to what was asked for; nobody does to her own."""
    actor.require(Permission.SETTLE_EXPENSES)
    expense = _held(db, actor, expense_ref, version, ExpenseState.ASKED)
    expense.state, expense.missing = ExpenseState.APPROVED, None
    expense.decided_at, expense.decided_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "expense.approved", f"expense:{expense_ref}")


def pay(db: Session, actor: Actor, expense_ref: str, *, version: int) -> None:
    """Note that the money is with her."""
    actor.require(Permission.SETTLE_EXPENSES)
    expense = _held(db, actor, expense_ref, version, ExpenseState.APPROVED)
    expense.state = ExpenseState.PAID
    expense.paid_at, expense.paid_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "expense.paid", f"expense:{expense_ref}")


def send_back(db: Session, actor: Actor, expense_ref: str, *, missing: str, version: int) -> None:
    """Give it back to her with what is missing, so that she can ask again."""
    actor.require(Permission.SETTLE_EXPENSES)
    missing = " ".join(missing.split())
    if not 1 <= len(missing) <= MAX_MISSING:
        says = f"Say in up to {MAX_MISSING} letters what is missing, so that she can ask again."
        raise InvalidInputError({"missing": says})
    expense = _held(db, actor, expense_ref, version, ExpenseState.ASKED)
    expense.state, expense.missing = ExpenseState.RETURNED, missing
    expense.decided_at, expense.decided_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "expense.sent_back", f"expense:{expense_ref}")


def receipt(db: Session, actor: Actor, expense_ref: str) -> tuple[bytes, str]:
    """The receipt of an expense and what kind of file it is; each look is written down."""
    actor.require(Permission.SETTLE_EXPENSES)
    query = _RECEIPT.where(Expense.ref == expense_ref, visible_volunteers(actor))
    return _receipt(db, query, actor, expense_ref)


def my_receipt(db: Session, actor: Actor, expense_ref: str) -> tuple[bytes, str]:
    """The receipt of an expense of her own."""
    actor.require(Permission.OWN_VOLUNTEERING)
    find(db, actor)
    query = _RECEIPT.where(Expense.ref == expense_ref, visible_to_herself(actor))
    return _receipt(db, query, actor, expense_ref)


_RECEIPT = (
    select(ExpenseReceipt.content, ExpenseReceipt.media_type)
    .join(Expense, Expense.id == ExpenseReceipt.expense_id)
    .join(Volunteer, Volunteer.id == Expense.volunteer_id)
)


def _receipt(db: Session, query: Select[bytes, str], actor: Actor, ref: str) -> tuple[bytes, str]:
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("receipt")
    audit.viewed(db, actor, f"expense:{ref}", action="receipt.viewed")
    content, kind = row
    return content, kind


def _held(db: Session, actor: Actor, ref: str, version: int, state: ExpenseState) -> Expense:
    """The expense as she saw it, held; refused where it is her own."""
    query = (
        select(Expense, VolunteerSupport.own_account_id)
        .join(Volunteer, Volunteer.id == Expense.volunteer_id)
        .outerjoin(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(Expense.ref == ref, visible_volunteers(actor))
        .with_for_update(of=Expense)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("expense")
    expense, own = row
    if own == actor.account_id:
        raise ConflictError("This is your own expense. Ask a colleague to settle it.")
    if expense.version != version or expense.state is not state:
        raise ConflictError(CHANGED, theirs=expense.state.value)
    return expense
