"""Forms that professionals send in through the public page, until somebody has checked them.

Nothing is shown back to whoever sends one, and nothing becomes a record by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    FormState,
    Intervention,
    Organisation,
    Person,
    PersonKind,
    Referral,
    ReferralForm,
    new_ref,
)
from services import audit, clock
from services.errors import FormClosedError, NotFoundError
from services.people.people import PersonDraft
from services.permissions import Actor, Permission
from services.plans import interventions
from services.public_forms import sent_forms
from services.public_forms.form_questions import Answers
from services.referrals import referral_contact, referral_form, referrals
from services.referrals.referrals import ReferralDraft
from services.visibility import visible_forms, visible_referrals

CLOSED = (
    "Referrals are not taken through this page at the moment. Please ring the service that gave "
    "you this address, or ask it for another way."
)


class ReferralsClosedError(FormClosedError):
    """No referrals are taken through the form."""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form to check: what was answered, and what it suggests for the records."""

    ref: str
    received_on: date
    sent_by: str
    answers: Mapping[str, str]  # question → answer in words
    agrees: bool
    has_safe_route: bool
    is_high_risk: bool  # as whoever sent it says
    person: PersonDraft
    reason: str
    wishes: tuple[str, ...]
    phone: str | None
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What a form has become; `fills_plan`: how she may be reached stands in her plan now."""

    referral_ref: str
    fills_plan: bool


def require_open(db: Session) -> None:
    """Raise ReferralsClosedError unless the organisation takes referrals through the form."""
    if not db.scalar(select(Organisation.referrals_open)):
        raise ReferralsClosedError(CLOSED)


def submit(db: Session, form_number: str, fields: Mapping[str, str]) -> None:
    """Keep one form to be checked; sent again under the same number it counts once.

    Raises ReferralsClosedError, and InvalidInputError with a sentence a question.
    """
    require_open(db)
    sent_forms.require_number(form_number)
    wishes = interventions.choices(db)
    answers = referral_form.checked(fields, wishes, today=clock.today())
    number = sent_forms.number_kept(form_number)
    if sent_forms.is_known(db, ReferralForm, number):
        return
    if sent_forms.too_many_wait(db, ReferralForm):
        raise ReferralsClosedError(CLOSED)
    form = ReferralForm(ref=new_ref(), received_at=clock.now(), form_number=number, answers=answers)
    db.add(form)
    audit.record(db, None, "referral_form.received", f"referral_form:{form.ref}")


def to_check_count(db: Session, actor: Actor) -> int:
    """How many forms wait to be checked."""
    actor.require(Permission.EDIT_REFERRALS)
    return sent_forms.waiting(db, ReferralForm)


def to_check(db: Session, actor: Actor, *, after: int | None = None) -> pd.DataFrame:
    """A page of forms to check, the one that has waited longest first.

    Columns: number (give the last one as `after`), ref, received, sent_by, about, agrees, risk (as
    whoever sent it says).
    """
    actor.require(Permission.EDIT_REFERRALS)
    rows = [
        (
            form.id,
            form.ref,
            clock.local(form.received_at).date(),
            form.answers["sender_agency"],
            f"{form.answers['first_name']} {form.answers['last_name']}",
            form.answers["agrees"] == "yes",
            referral_form.risk_said(form.answers),
        )
        for form in sent_forms.longest_waiting(db, ReferralForm, after)
    ]
    columns = ["number", "ref", "received", "sent_by", "about", "agrees", "risk"]
    return pd.DataFrame(rows, columns=columns)


def view(db: Session, actor: Actor, ref: str) -> FormView:
    """One form; the look is written in the audit log."""
    actor.require(Permission.EDIT_REFERRALS)
    query = select(ReferralForm).where(ReferralForm.ref == ref, visible_forms(actor))
    form = db.scalar(query)
    if form is None:
        raise NotFoundError("form")
    audit.viewed(db, actor, f"referral_form:{ref}")
    return _view(db, form)


def behind(db: Session, actor: Actor, referral_ref: str) -> Mapping[str, str]:
    """What was sent in with a referral that came through the form: question to answer."""
    actor.require(Permission.EDIT_REFERRALS)
    query = (
        select(ReferralForm)
        .join(Referral, Referral.id == ReferralForm.referral_id)
        .where(Referral.ref == referral_ref, visible_referrals(actor))
    )
    form = db.scalar(query)
    return {} if form is None else _view(db, form).answers


def take_up(
    db: Session,
    actor: Actor,
    ref: str,
    draft: ReferralDraft,
    person: PersonDraft | str,
    *,
    version: int,
) -> TakenUp:
    """Make a form a referral, for a new person or for one who is here (her reference).

    What it says of reaching her fills her safe-contact plan, unless she has one; she has still to
    confirm it.

    Raises ConflictError when somebody else has checked the form since `version`.
    """
    actor.require(Permission.EDIT_REFERRALS)
    form = _held(db, ref, version)
    if isinstance(person, str):
        referral_ref = referrals.add(db, actor, person, draft)
    else:
        referral_ref = referrals.add_with_family(db, actor, [person], draft)
    made = select(Referral.id, Person.ref).join(Person, Person.id == Referral.person_id)
    number, person_ref = db.execute(made.where(Referral.ref == referral_ref)).one()
    fills_plan = referral_contact.fill(db, actor, person_ref, form.answers)
    form.referral_id = number
    _check(db, actor, form, FormState.TAKEN_UP)
    return TakenUp(referral_ref, fills_plan)


def set_aside(db: Session, actor: Actor, ref: str, *, reason: str, version: int) -> None:
    """Put a form aside, with the reason. Raises ConflictError when it was checked meanwhile."""
    actor.require(Permission.EDIT_REFERRALS)
    sent_forms.require_reason(reason)
    form = _held(db, ref, version)
    form.reason = reason.strip()
    _check(db, actor, form, FormState.SET_ASIDE)


def _check(db: Session, actor: Actor, form: ReferralForm, state: FormState) -> None:
    sent_forms.mark(form, actor.account_id, state)
    audit.record(db, actor, "referral_form.checked", f"referral_form:{form.ref}", state=state.value)


def _held(db: Session, ref: str, version: int) -> ReferralForm:
    checked = (
        "Somebody else has checked this form meanwhile. Go back to the list: if it was taken up, "
        "the referral is there."
    )
    return sent_forms.held(db, ReferralForm, ref, version, what="form", checked=checked)


def _view(db: Session, form: ReferralForm) -> FormView:
    answers: Answers = form.answers
    names = dict(db.execute(select(Intervention.ref, Intervention.name)).all())
    born = _text(answers, "date_of_birth")
    person = PersonDraft(
        kind=PersonKind(_text(answers, "kind")),
        first_name=_text(answers, "first_name"),
        last_name=_text(answers, "last_name"),
        date_of_birth=date.fromisoformat(born) if born else None,
    )
    return FormView(
        ref=form.ref,
        received_on=clock.local(form.received_at).date(),
        sent_by=_text(answers, "sender_agency"),
        answers=referral_form.in_words(answers, names),
        agrees=answers["agrees"] == "yes",
        has_safe_route=bool(answers.get("routes")),
        is_high_risk=answers.get("risk") == "high",
        person=person,
        reason=_text(answers, "reason"),
        wishes=tuple(answers.get("wishes", ())),
        phone=_text(answers, "phone") or None,
        state=form.state.value,
        version=form.version,
    )


def _text(answers: Answers, key: str) -> str:
    return str(answers.get(key, ""))
