"""Expenses: what she really spent to be here is given back, quickly, and nothing beyond it."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Expense, ExpenseKind, ExpenseReceipt, ExpenseState, Volunteer, new_ref
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.volunteers.contribution.receipts import media_type
from services.volunteers.finding import find_volunteer
from services.volunteers.herself.record import find

MOST = 50
PENCE_A_MILE = 45  # HMRC's rate for a car, up to the miles of a tax year below (domain §4.2)
MILES_A_YEAR = 10_000
MOST_MILES, MOST_POUNDS = 500.0, 500.0
MAX_WORDS = 200
LONGEST_AGO = timedelta(days=183)
_TAX_YEAR = (4, 6)
CHANGED = "This expense was changed meanwhile: look at it again here."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenseDraft:
    """An expense as it was filled in: miles for a car, pounds for everything else."""

    kind: ExpenseKind
    spent_on: date
    pounds: float | None = None
    miles: float | None = None
    words: str = ""
    receipt: bytes | None = None

    def checked(self) -> "ExpenseDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not clock.today() - LONGEST_AGO <= self.spent_on <= clock.today():
            problems["spent_on"] = "Choose a day within the last six months, today at the latest."
        if self.kind is ExpenseKind.MILEAGE:
            if self.miles is None or not 0.1 <= self.miles <= MOST_MILES:  # noqa: PLR2004
                problems["miles"] = "Enter the miles driven, from 0.1 to 500."
        elif self.pounds is None or not 0.01 <= self.pounds <= MOST_POUNDS:  # noqa: PLR2004
            problems["pounds"] = "Enter what was paid, from a penny to £500."
        if self.kind is ExpenseKind.CHILDCARE and not self.receipt:
            problems["receipt"] = "Add the receipt: childcare is given back against one."
        words = " ".join(self.words.split())
        if len(words) > MAX_WORDS:
            problems["words"] = f"Shorten this to {MAX_WORDS} letters."
        if problems:
            raise InvalidInputError(problems)
        is_driven = self.kind is ExpenseKind.MILEAGE
        return ExpenseDraft(
            kind=self.kind,
            spent_on=self.spent_on,
            pounds=None if is_driven else self.pounds,
            miles=self.miles if is_driven else None,
            words=words,
            receipt=self.receipt or None,
        )

    @property
    def tenths(self) -> int | None:
        """The miles, in tenths."""
        return None if self.miles is None else round(self.miles * 10)

    @property
    def pence(self) -> int:
        """What it comes to."""
        if self.tenths is None:
            return round((self.pounds or 0) * 100)
        return (self.tenths * PENCE_A_MILE + 5) // 10


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """A volunteer's latest expenses: ref, on, kind, pence, miles, words, state, missing,
    has_receipt, version."""
    actor.require(Permission.SETTLE_EXPENSES)
    return _listed(db, find_volunteer(db, actor, volunteer_ref))


def mine(db: Session, actor: Actor) -> pd.DataFrame:
    """Her own, with the same columns."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return _listed(db, find(db, actor))


def ask(db: Session, actor: Actor, draft: ExpenseDraft) -> str:
    """Ask for what she spent to be given back, and give back the expense's reference."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return _keep(db, find(db, actor, lock=True), actor, draft)


def ask_for(db: Session, actor: Actor, volunteer_ref: str, draft: ExpenseDraft) -> str:
    """The same for a volunteer who handed it in on paper."""
    actor.require(Permission.SETTLE_EXPENSES)
    return _keep(db, find_volunteer(db, actor, volunteer_ref), actor, draft)


def withdraw(db: Session, actor: Actor, expense_ref: str, *, version: int) -> None:
    """Take back what she asked for, while nobody has decided on it."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    query = select(Expense).where(Expense.ref == expense_ref, Expense.volunteer_id == volunteer.id)
    expense = db.scalar(query.with_for_update())
    if expense is None:
        raise NotFoundError("expense")
    if expense.version != version or expense.state is not ExpenseState.ASKED:
        raise ConflictError(CHANGED)
    db.delete(expense)
    audit.record(db, actor, "expense.withdrawn", f"expense:{expense_ref}")


def tax_year(day: date) -> date:
    """The first day of the tax year a day is in."""
    begins = date(day.year, *_TAX_YEAR)
    return begins if day >= begins else date(day.year - 1, *_TAX_YEAR)


def _listed(db: Session, volunteer: Volunteer) -> pd.DataFrame:
    query = (
        select(Expense, ExpenseReceipt.id.is_not(None))
        .outerjoin(ExpenseReceipt, ExpenseReceipt.expense_id == Expense.id)
        .where(Expense.volunteer_id == volunteer.id)
        .order_by(Expense.spent_on.desc(), Expense.id.desc())
        .limit(MOST)
    )
    rows = [
        (
            one.ref,
            one.spent_on,
            one.kind.value,
            one.pence,
            None if one.tenths is None else one.tenths / 10,
            one.words or "",
            one.state.value,
            one.missing or "",
            bool(has_receipt),
            one.version,
        )
        for one, has_receipt in db.execute(query)
    ]
    columns = ["ref", "on", "kind", "pence", "miles", "words", "state", "missing", "has_receipt",
               "version"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _keep(db: Session, volunteer: Volunteer, actor: Actor, draft: ExpenseDraft) -> str:
    draft = draft.checked()
    kind = media_type(draft.receipt) if draft.receipt else None
    _refuse_twin(db, volunteer, draft)
    if draft.tenths is not None:
        _refuse_too_far(db, volunteer, draft)
    expense = Expense(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        kind=draft.kind,
        spent_on=draft.spent_on,
        pence=draft.pence,
        tenths=draft.tenths,
        words=draft.words or None,
        state=ExpenseState.ASKED,
        asked_at=clock.now(),
        asked_by_id=actor.account_id,
    )
    db.add(expense)
    db.flush()
    if draft.receipt and kind:
        db.add(ExpenseReceipt(expense_id=expense.id, media_type=kind, content=draft.receipt))
    # Neither the sum nor the way stands in the log.
    audit.record(db, actor, "expense.asked", f"expense:{expense.ref}", volunteer=volunteer.ref)
    return expense.ref


def _refuse_twin(db: Session, volunteer: Volunteer, draft: ExpenseDraft) -> None:
    twin = select(Expense.id).where(
        Expense.volunteer_id == volunteer.id,
        Expense.spent_on == draft.spent_on,
        Expense.kind == draft.kind,
        Expense.pence == draft.pence,
        Expense.state != ExpenseState.RETURNED,
    )
    if db.scalar(twin.limit(1)) is not None:
        raise ConflictError(
            "The same is asked for already on that day. If it was twice, enter both as one sum."
        )


def _refuse_too_far(db: Session, volunteer: Volunteer, draft: ExpenseDraft) -> None:
    begins = tax_year(draft.spent_on)
    query = select(func.coalesce(func.sum(Expense.tenths), 0)).where(
        Expense.volunteer_id == volunteer.id,
        Expense.spent_on >= begins,
        Expense.spent_on < begins.replace(year=begins.year + 1),
        Expense.state != ExpenseState.RETURNED,
    )
    if (db.scalar(query) or 0) + (draft.tenths or 0) > MILES_A_YEAR * 10:
        says = f"This is over {MILES_A_YEAR:,} miles in one tax year. Talk it over first."
        raise InvalidInputError({"miles": says})
