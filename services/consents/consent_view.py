"""What a reader sees of consents: what stands, what came before, what is missing, whom to name."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from models import (
    CURRENT_PLACES,
    Account,
    Agency,
    Basis,
    Consent,
    Group,
    Kinship,
    Person,
    Place,
    Purpose,
)
from services import clock
from services.accounts import colleagues
from services.consents.consent_draft import LONGEST_AGO, decides_alone
from services.consents.consents import consented
from services.people import one_person
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.short_lists import once
from services.unchanged import while_unchanged
from services.visibility import visible_people, visible_places

GIVEN, WITHDRAWN, REFUSED, NOT_ASKED = "given", "withdrawn", "refused", "not_asked"
_COLUMNS = [
    "consent", "purpose", "agency_ref", "agency", "basis", "given_on", "given_by", "judged_by",
    "judged_on", "judgement", "recorded_by", "withdrawn_on", "withdrawn_by", "reason", "version",
    "state", "ask_again",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form about a person's consent can offer; each choice by reference and name."""

    bases: tuple[Basis, ...]  # on whichever day, within the time one may record late
    is_under_age: bool
    carers: dict[str, str]
    judges: dict[str, str]
    agencies: dict[str, str]


def history(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """Every consent there has been about a person, the latest first.

    Columns: consent (reference), purpose, agency_ref, agency, basis, given_on, given_by (None
    when this reader may not see her), judged_by, judged_on, judgement, recorded_by,
    withdrawn_on, withdrawn_by, reason, version, state (given, withdrawn or refused) and ask_again
    (None, "now_16" or "not_responsible": it stands, and somebody else should be asked by now).
    """
    actor.require(Permission.RECORD_CONSENT)
    person = one_person.find(db, actor, person_ref)
    judge, recorder, withdrawer = aliased(Account), aliased(Account), aliased(Account)
    query = (
        select(
            Consent,
            Person,
            Agency.ref.label("agency_ref"),
            Agency.name.label("agency"),
            judge.display_name.label("judge"),
            recorder.display_name.label("recorder"),
            withdrawer.display_name.label("withdrawer"),
            Kinship.has_responsibility,
        )
        .select_from(Consent)
        .outerjoin(Person, (Person.id == Consent.given_by_id) & visible_people(actor))
        .outerjoin(Agency, Agency.id == Consent.agency_id)
        .outerjoin(judge, judge.id == Consent.judged_by_id)
        .join(recorder, recorder.id == Consent.recorded_by_id)
        .outerjoin(withdrawer, withdrawer.id == Consent.withdrawn_by_id)
        .outerjoin(
            Kinship,
            (Kinship.person_id == Consent.given_by_id) & (Kinship.relative_id == Consent.person_id),
        )
        .where(Consent.person_id == person.id)
        .order_by(Consent.id.desc())
    )
    alone = decides_alone(person.date_of_birth, person.kind, on=clock.today())
    rows = [_row(row, decides_alone_now=alone) for row in db.execute(query)]
    return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)


def by_purpose(past: pd.DataFrame) -> pd.DataFrame:
    """A history's latest row for each purpose and agency; "not_asked" where there is none."""
    latest = past.drop_duplicates(["purpose", "agency_ref"])
    parts: list[pd.DataFrame] = []
    for purpose in Purpose:
        known = latest[latest["purpose"] == purpose.value]
        parts.append(_not_asked(purpose) if known.empty else known)
    return pd.concat(parts, ignore_index=True)


def asking(db: Session, actor: Actor, person_ref: str) -> Asking:
    """Whom a form may offer: on what footing, who is responsible, who judges, which agencies."""
    actor.require(Permission.RECORD_CONSENT)
    person = one_person.find(db, actor, person_ref)
    today, born = clock.today(), person.date_of_birth
    alone_now = decides_alone(born, person.kind, on=today)
    alone_then = decides_alone(born, person.kind, on=today - LONGEST_AGO)
    agencies = select(Agency.ref, Agency.name).where(Agency.is_active).order_by(Agency.name)
    return Asking(
        bases=((Basis.SELF,) if alone_now else ())
        + (() if alone_then else (Basis.GILLICK, Basis.RESPONSIBILITY)),
        is_under_age=not alone_now,
        carers=_carers(db, actor, person),
        judges=colleagues.who_may(db, Permission.RECORD_CONSENT),
        agencies=dict(db.execute(agencies).all()),
    )


@while_unchanged
def to_ask(db: Session, actor: Actor, person_ref: str) -> bool:
    """Whether she has a place, or waits for one, and has still to be asked to take part."""
    actor.require(Permission.RECORD_CONSENT)
    query = _without_consent(actor, Person.ref == person_ref, ~_said_no())
    return db.scalar(query.limit(1)) is not None


@while_unchanged
def to_ask_in_group(db: Session, actor: Actor, group_ref: str) -> frozenset[str]:
    """The people of a group who have still to be asked to take part, by reference."""
    actor.require(Permission.RECORD_CONSENT)
    return frozenset(db.scalars(_to_ask(actor), {"group": group_ref}))


@while_unchanged
def said_no(db: Session, actor: Actor, person_ref: str) -> bool:
    """Whether she has a place, or waits for one, although she said no to taking part."""
    actor.require(Permission.RECORD_CONSENT)
    query = _without_consent(actor, Person.ref == person_ref, _said_no())
    return db.scalar(query.limit(1)) is not None


def _not_asked(purpose: Purpose) -> pd.DataFrame:
    known = {"purpose": purpose.value, "state": NOT_ASKED}
    return pd.DataFrame(
        [[known.get(column) for column in _COLUMNS]], columns=_COLUMNS, dtype=object
    )


def _said_no() -> ColumnElement[bool]:
    """Her last answer about taking part was a no, from herself or who is responsible."""
    last = (
        select(func.max(Consent.id))
        .where(Consent.person_id == Person.id, Consent.purpose == Purpose.TAKE_PART)
        .correlate(Person)
        .scalar_subquery()
    )
    return select(Consent.id).where(Consent.id == last, Consent.is_refusal).exists()


@once
def _to_ask(actor: Actor) -> Select[str]:
    return _without_consent(actor, Group.ref == bindparam("group"), ~_said_no())


def _without_consent(actor: Actor, *whom: ColumnElement[bool]) -> Select[str]:
    return (
        select(Person.ref)
        .join(Place, Place.person_id == Person.id)
        .join(Group, Group.id == Place.group_id)
        .where(
            *whom,
            Place.state.in_(CURRENT_PLACES),
            visible_places(actor),
            ~consented(Purpose.TAKE_PART),
        )
    )


def _carers(db: Session, actor: Actor, child: Person) -> dict[str, str]:
    query = (
        select(Person)
        .join(Kinship, Kinship.person_id == Person.id)
        .where(Kinship.relative_id == child.id, Kinship.has_responsibility, visible_people(actor))
        .order_by(Kinship.id)
    )
    return {carer.ref: full_name(carer) for carer in db.scalars(query)}


def _row(row: Row[*tuple[object, ...]], *, decides_alone_now: bool) -> tuple[object, ...]:
    consent, giver = row.Consent, row.Person
    return (
        consent.ref,
        consent.purpose.value,
        row.agency_ref,
        row.agency,
        consent.basis.value,
        consent.given_on,
        full_name(giver) if giver else None,
        row.judge,
        consent.judged_on,
        consent.judgement,
        row.recorder,
        consent.withdrawn_on,
        row.withdrawer,
        consent.withdrawal_reason,
        consent.version,
        _state(consent),
        _ask_again(consent, row.has_responsibility, decides_alone_now=decides_alone_now),
    )


def _state(consent: Consent) -> str:
    if consent.is_refusal:
        return REFUSED
    return WITHDRAWN if consent.withdrawn_on else GIVEN


def _ask_again(
    consent: Consent, has_responsibility: bool | None, *, decides_alone_now: bool
) -> str | None:
    """Why it should be asked anew: the law looks at who could give it now."""
    if consent.withdrawn_on is not None or consent.basis is not Basis.RESPONSIBILITY:
        return None
    if decides_alone_now:
        return "now_16"
    return None if has_responsibility else "not_responsible"
