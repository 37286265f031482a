"""Referrals: taking one down, finding it again, seeing it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    Agency,
    AgencyWorker,
    Intervention,
    Person,
    Place,
    Referral,
    ReferralSource,
    ReferralState,
    ReferralWish,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person, people
from services.people.people import NAMED, PersonDraft
from services.permissions import Actor, Permission
from services.plans import interventions
from services.referrals.referral_counts import taken_down
from services.referrals.referral_steps import note
from services.short_lists import stated_in
from services.visibility import visible_people, visible_referrals

PAGE = 50
MAX_REASON = 2_000
_SHOWN = (
    Referral.id,
    Referral.ref,
    *NAMED,
    Referral.source,
    Agency.name.label("agency"),
    Referral.received_on,
    Referral.state,
    Referral.state_since,
)
_LONGEST_AGO = timedelta(days=366)  # for writing down late; further back it is a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralDraft:
    """A referral as it was taken down; `wishes` are references of interventions."""

    source: ReferralSource
    received_on: date
    agency_ref: str | None = None
    worker_ref: str | None = None
    reason: str = ""
    wishes: Collection[str] = ()

    def checked(self, *, today: date) -> "ReferralDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not today - _LONGEST_AGO <= self.received_on <= today:
            problems["received_on"] = (
                "Choose the day it came in: within the last year, up to today."
            )
        if (self.source is ReferralSource.AGENCY) != (self.agency_ref is not None):
            problems["agency"] = "Choose the partner who referred her, or another source."
        if self.worker_ref and not self.agency_ref:
            problems["worker"] = "Choose the partner this worker belongs to."
        if len(self.reason) > MAX_REASON:
            problems["reason"] = f"Shorten the reason to {MAX_REASON} letters."
        if problems:
            raise InvalidInputError(problems)
        return self


@dataclass(frozen=True, slots=True)
class ReferralSummary:
    """One referral, as far as this reader may see it."""

    ref: str
    person_ref: str
    name: str
    source: str
    agency: str | None
    worker: str | None
    received_on: date
    reason: str | None
    wishes: tuple[str, ...]
    state: str
    state_since: date
    first_contact_on: date | None
    offered_on: date | None
    first_session_on: date | None
    follows_place: bool
    put_first: bool
    version: int


def add(db: Session, actor: Actor, person_ref: str, draft: ReferralDraft) -> str:
    """Take down a referral for somebody who is here already, and give back its reference."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked(today=clock.today())
    person = one_person.find(db, actor, person_ref, lock=True)
    referral = _new_referral(db, person, draft)
    _refuse_twin(db, referral)
    db.add(referral)
    db.flush()
    wanted = interventions.offered(db, draft.wishes)
    db.add_all(ReferralWish(referral_id=referral.id, intervention_id=one.id) for one in wanted)
    note(db, referral, None, by=actor)
    taken_down(db, referral)
    audit.record(db, actor, "referral.added", f"referral:{referral.ref}", wishes=len(wanted))
    return referral.ref


def add_with_family(
    db: Session, actor: Actor, members: Sequence[PersonDraft], draft: ReferralDraft
) -> str:
    """Add a new family and take down the referral of its first member, in one step."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked(today=clock.today())
    return add(db, actor, people.add_family(db, actor, list(members))[0], draft)


def directory(
    db: Session,
    actor: Actor,
    *,
    states: Sequence[ReferralState] = (),
    after: tuple[date, int] | None = None,
) -> pd.DataFrame:
    """A page of the referrals this reader may see, the newest first, in these states or in any.

    Columns: number, ref, person_ref, name, source, agency, received, state, since, days (in
    this state). Give the last row's (received, number) as `after` for the next page.
    """
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(*_SHOWN)
        .join(Person, Person.id == Referral.person_id)
        .outerjoin(Agency, Agency.id == Referral.agency_id)
        .where(visible_people(actor))
        .order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(PAGE)
    )
    if states:
        query = query.where(stated_in(Referral.state, states))
    if after is not None:
        query = query.where(tuple_(Referral.received_on, Referral.id) < after)
    today = clock.today()
    rows = [
        (
            one.id,
            one.ref,
            one.person_ref,
            people.full_name(one),
            one.source.value,
            one.agency,
            one.received_on,
            one.state.value,
            one.state_since,
            (today - one.state_since).days,
        )
        for one in db.execute(query)
    ]
    columns = [
        "number", "ref", "person_ref", "name", "source", "agency", "received", "state", "since",
        "days",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def of_person(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """A person's referrals, the newest first: ref, source, agency, received, state, since."""
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(Referral, Agency.name)
        .join(Person, Person.id == Referral.person_id)
        .outerjoin(Agency, Agency.id == Referral.agency_id)
        .where(Person.ref == person_ref, visible_people(actor))
        .order_by(Referral.received_on.desc(), Referral.id.desc())
    )
    rows = [
        (one.ref, one.source.value, agency, one.received_on, one.state.value, one.state_since)
        for one, agency in db.execute(query)
    ]
    columns = ["ref", "source", "agency", "received", "state", "since"]
    return pd.DataFrame(rows, columns=columns)


def summary(db: Session, actor: Actor, ref: str) -> ReferralSummary:
    """One referral; the look at the person is written in the audit log."""
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(Referral, Person, Agency.name, AgencyWorker.name, Place.state)
        .join(Person, Person.id == Referral.person_id)
        .outerjoin(Agency, Agency.id == Referral.agency_id)
        .outerjoin(AgencyWorker, AgencyWorker.id == Referral.worker_id)
        .outerjoin(Place, Place.id == Referral.place_id)
        .where(Referral.ref == ref, visible_referrals(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("referral")
    one, person, agency, worker, place = row
    audit.viewed(db, actor, f"person:{person.ref}")
    return ReferralSummary(
        ref=one.ref,
        person_ref=person.ref,
        name=people.full_name(person),
        source=one.source.value,
        agency=agency,
        worker=worker,
        received_on=one.received_on,
        reason=one.reason,
        wishes=_wishes(db, one),
        state=one.state.value,
        state_since=one.state_since,
        first_contact_on=one.first_contact_on,
        offered_on=one.offered_on,
        first_session_on=one.first_session_on,
        follows_place=place in CURRENT_PLACES,
        put_first=one.jumped_at is not None,
        version=one.version,
    )


def _new_referral(db: Session, person: Person, draft: ReferralDraft) -> Referral:
    agency_id, worker_id = _sender(db, draft)
    return Referral(
        ref=new_ref(),
        person_id=person.id,
        source=draft.source,
        agency_id=agency_id,
        worker_id=worker_id,
        received_on=draft.received_on,
        reason=draft.reason.strip() or None,
        state=ReferralState.REFERRED,
        state_since=draft.received_on,
        created_at=clock.now(),
    )


def _sender(db: Session, draft: ReferralDraft) -> tuple[int | None, int | None]:
    """The numbers of the partner and the worker who referred her."""
    if draft.agency_ref is None:
        return None, None
    agency = select(Agency.id).where(Agency.ref == draft.agency_ref, Agency.is_active)
    agency_id = db.scalar(agency)
    if agency_id is None:
        raise InvalidInputError({"agency": "Choose a partner from the directory."})
    if draft.worker_ref is None:
        return agency_id, None
    worker = select(AgencyWorker.id).where(
        AgencyWorker.ref == draft.worker_ref, AgencyWorker.agency_id == agency_id
    )
    worker_id = db.scalar(worker)
    if worker_id is None:
        raise InvalidInputError({"worker": "Choose a worker of this partner."})
    return agency_id, worker_id


def _refuse_twin(db: Session, new: Referral) -> None:
    """A form sent twice makes one referral."""
    twin = select(Referral.id).where(
        Referral.person_id == new.person_id,
        Referral.source == new.source,
        Referral.agency_id.is_not_distinct_from(new.agency_id),
        Referral.received_on == new.received_on,
    )
    if db.scalar(twin) is not None:
        raise ConflictError(
            "This referral is here already: the same person, day and source. Open it from the list."
        )


def _wishes(db: Session, referral: Referral) -> tuple[str, ...]:
    query = (
        select(Intervention.name)
        .join(ReferralWish, ReferralWish.intervention_id == Intervention.id)
        .where(ReferralWish.referral_id == referral.id)
        .order_by(Intervention.position, Intervention.id)
    )
    return tuple(db.scalars(query))
