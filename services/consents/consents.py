"""Consents: recording and withdrawing them, and the one place that says whether one stands now.

Each purpose has rows of its own, dated and withdrawable (domain §5.1).
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Agency, Basis, Consent, Kinship, Person, Purpose, new_ref
from services import audit, clock
from services.accounts import colleagues
from services.consents.consent_draft import MAX_TEXT, ConsentDraft, refuse_wrong_giver
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.permissions import Actor, Permission
from services.visibility import visible_people


def consented(
    purpose: Purpose,
    *,
    agency_id: int | None = None,
    person_id: InstrumentedAttribute[int] = Person.id,
) -> ColumnElement[bool]:
    """The condition that a person's consent stands now: in the `where` of all that leaves.

    Sharing is consented to agency by agency. A withdrawal counts from the moment it is recorded.
    """
    if (purpose is Purpose.SHARE) != (agency_id is not None):
        raise ValueError("Sharing names its agency, and nothing else does.")
    # Asked of one person at a time: most who read this look at a few people of many.
    standing = select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.purpose == purpose,
        Consent.agency_id.is_(None) if agency_id is None else Consent.agency_id == agency_id,
        Consent.withdrawn_on.is_(None),
    )
    return standing.correlate_except(Consent).exists()


def holds(
    db: Session, person_ids: Collection[int], purpose: Purpose, *, agency_id: int | None = None
) -> frozenset[int]:
    """Those of these people whose consent stands now."""
    query = select(Person.id).where(
        Person.id.in_(person_ids), consented(purpose, agency_id=agency_id)
    )
    return frozenset(db.scalars(query))


def record(db: Session, actor: Actor, person_ref: str, draft: ConsentDraft) -> str:
    """Keep her answer for one purpose, a yes or a no, and give back the row's reference.

    Raises ConflictError when it stands already, or was changed since `draft.after`.
    """
    actor.require(Permission.RECORD_CONSENT)
    draft.checked(today=clock.today())
    # Held until the transaction ends: one consent for a thing at a time.
    person = one_person.find(db, actor, person_ref, lock=True)
    refuse_wrong_giver(person, draft)
    agency_id = _agency_id(db, draft)
    _refuse_overtaken(_latest(db, person, draft.purpose, agency_id), draft)
    consent = Consent(
        ref=new_ref(),
        person_id=person.id,
        purpose=draft.purpose,
        agency_id=agency_id,
        basis=draft.basis,
        is_refusal=draft.is_refusal,
        given_on=draft.given_on,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
        **_footing(db, actor, person, draft),
    )
    if draft.is_refusal:
        _take_back(consent, actor, draft.given_on)
    db.add(consent)
    audit.record(
        db, actor, "consent.refused" if draft.is_refusal else "consent.recorded",
        f"person:{person_ref}", consent=consent.ref, purpose=draft.purpose.value,
        basis=draft.basis.value,
    )  # fmt: skip
    return consent.ref


def withdraw(
    db: Session, actor: Actor, consent_ref: str, *, on: date, reason: str = "", version: int
) -> None:
    """Take a consent back; `on` is the day she said so. It counts at once, without a reason too.

    Raises ConflictError when somebody else has withdrawn it since `version`.
    """
    actor.require(Permission.RECORD_CONSENT)
    consent, person_ref = _held_consent(db, actor, consent_ref)
    if consent.version != version or consent.withdrawn_on is not None:
        raise ConflictError("Somebody else withdrew this consent meanwhile. It is in the list.")
    problems: dict[str, str] = {}
    if not consent.given_on <= on <= clock.today():
        problems["withdrawn_on"] = (
            f"Check the day: from {consent.given_on:%d/%m/%Y}, when it was given, until today."
        )
    if len(reason.strip()) > MAX_TEXT:
        problems["reason"] = f"Shorten the reason to {MAX_TEXT} letters, or leave it out."
    if problems:
        raise InvalidInputError(problems)
    _take_back(consent, actor, on)
    consent.withdrawal_reason = reason.strip() or None
    audit.record(
        db, actor, "consent.withdrawn", f"person:{person_ref}", consent=consent_ref,
        purpose=consent.purpose.value,
    )  # fmt: skip


def _take_back(consent: Consent, actor: Actor, on: date) -> None:
    consent.withdrawn_on, consent.withdrawn_at = on, clock.now()
    consent.withdrawn_by_id = actor.account_id


def _refuse_overtaken(latest: Consent | None, draft: ConsentDraft) -> None:
    """A consent never stands twice, nor reaches back behind a withdrawal."""
    if (latest.ref if latest else None) != draft.after:
        raise ConflictError(
            "Somebody else recorded a consent for this while you had the page open. "
            "Look at the list, then record yours if it is still needed."
        )
    if latest is None:
        return
    if latest.withdrawn_on is None:
        raise ConflictError("This consent stands already. Withdraw it first if it has changed.")
    if draft.given_on < latest.withdrawn_on:
        before = "she said no" if latest.is_refusal else "the consent before this one was withdrawn"
        raise InvalidInputError(
            {"given_on": f"Check the day: {before} on {latest.withdrawn_on:%d/%m/%Y}."}
        )


def _footing(
    db: Session, actor: Actor, person: Person, draft: ConsentDraft
) -> dict[str, int | date | str]:
    """What the row says of who gave it, beyond herself."""
    if draft.basis is Basis.RESPONSIBILITY:
        return {"given_by_id": _responsible(db, actor, person, str(draft.given_by_ref))}
    if draft.basis is Basis.GILLICK:
        judge, may = str(draft.judged_by_ref), Permission.RECORD_CONSENT
        return {
            "judged_by_id": colleagues.chosen(db, judge, may, field="judged_by").id,
            "judged_on": draft.judged_on or draft.given_on,
            "judgement": draft.judgement.strip(),
        }
    return {}


def _responsible(db: Session, actor: Actor, child: Person, ref: str) -> int:
    """Her number, held as somebody with parental responsibility until the transaction ends."""
    query = (
        select(Kinship.person_id)
        .join(Person, Person.id == Kinship.person_id)
        .where(
            Person.ref == ref,
            Kinship.relative_id == child.id,
            Kinship.has_responsibility,
            visible_people(actor),
        )
        .with_for_update(of=Kinship)
    )
    found = db.scalar(query)
    if found is None:
        raise InvalidInputError(
            {
                "given_by": "Choose somebody who is recorded with parental responsibility for "
                "her. A coordinator records that under Family."
            }
        )
    return found


def _agency_id(db: Session, draft: ConsentDraft) -> int | None:
    if draft.purpose is not Purpose.SHARE:
        return None
    query = select(Agency.id).where(Agency.ref == draft.agency_ref, Agency.is_active)
    found = db.scalar(query)
    if found is None:
        raise InvalidInputError({"agency": "Choose an agency from the list."})
    return found


def _latest(db: Session, person: Person, purpose: Purpose, agency_id: int | None) -> Consent | None:
    query = select(Consent).where(
        Consent.person_id == person.id,
        Consent.purpose == purpose,
        Consent.agency_id.is_(None) if agency_id is None else Consent.agency_id == agency_id,
    )
    return db.scalar(query.order_by(Consent.id.desc()).limit(1))


def _held_consent(db: Session, actor: Actor, ref: str) -> tuple[Consent, str]:
    query = (
        select(Consent, Person.ref)
        .join(Person, Person.id == Consent.person_id)
        .where(Consent.ref == ref, visible_people(actor))
        .with_for_update(of=Consent)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("consent")
    return row


__all__ = ["ConsentDraft", "consented", "holds", "record", "withdraw"]
