"""Forms that strangers send in through a public page, until somebody here has checked them.

What referrals and applications to volunteer have in common: one number counts once, so many wait
at the most, and a form is checked once, by taking it up or setting it aside.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import FormState, ReferralForm, VolunteerApplication
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.feedback import usable_number

PAGE = 50
MAX_REASON = 500
MOST_TO_CHECK = 300  # with more than these unread, somebody's machine is sending

Sent = TypeVar("Sent", ReferralForm, VolunteerApplication)


def require_number(form_number: str) -> None:
    """Raise InvalidInputError unless the form came back with the number it was given."""
    if usable_number(form_number) != form_number:
        raise InvalidInputError({"form": "Something was missing. Please press Send once more."})


def number_kept(form_number: str) -> str:
    """What is kept of a form's number, so that the form itself is not found by it."""
    return sha256(form_number.encode()).hexdigest()


def is_known(db: Session, model: type[Sent], number: str) -> bool:
    """Whether the form of that kept number has come in already."""
    return db.scalar(select(model.id).where(model.form_number == number)) is not None


def to_check(model: type[Sent]) -> Select[int]:
    """The numbers of those that wait to be checked."""
    return select(model.id).where(model.state == FormState.TO_CHECK)


def waiting(db: Session, model: type[Sent]) -> int:
    """How many wait to be checked."""
    return db.scalar(select(func.count()).select_from(to_check(model).subquery())) or 0


def longest_waiting(db: Session, model: type[Sent], after: int | None) -> Sequence[Sent]:
    """A page of those that wait, from the one that came first, or from behind that number on."""
    query = select(model).where(model.state == FormState.TO_CHECK).order_by(model.id)
    if after is not None:
        query = query.where(model.id > after)
    return db.scalars(query.limit(PAGE)).all()


def too_many_wait(db: Session, model: type[Sent]) -> bool:
    """Whether so many wait unread that no more are taken."""
    return waiting(db, model) >= MOST_TO_CHECK


def held(
    db: Session, model: type[Sent], ref: str, version: int, *, what: str, checked: str
) -> Sent:
    """A form to check, held until the transaction ends.

    Raises NotFoundError, `what` being what people call it, and ConflictError with the sentence
    `checked` when somebody has checked or changed it since `version`.
    """
    sent = db.scalar(select(model).where(model.ref == ref).with_for_update())
    if sent is None:
        raise NotFoundError(what)
    if sent.version != version or sent.state is not FormState.TO_CHECK:
        raise ConflictError(checked)
    return sent


def require_reason(reason: str) -> None:
    """Raise InvalidInputError unless it is said why a form is set aside."""
    if not 1 <= len(reason.strip()) <= MAX_REASON:
        raise InvalidInputError(
            {"aside": f"Say why it is set aside, in up to {MAX_REASON} letters."}
        )


def mark(sent: ReferralForm | VolunteerApplication, account_id: int, state: FormState) -> None:
    """Note that a held form was checked, by whose account and when."""
    sent.state, sent.checked_at, sent.checked_by_id = state, clock.now(), account_id
