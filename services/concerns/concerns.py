"""Raising a concern, reading it back, and setting right what one wrote oneself (domain §5.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Concern,
    ConcernEntry,
    EntryKind,
    OpenConcern,
    Person,
    RecordLock,
    new_ref,
)
from services import audit, clock
from services.concerns import incidents
from services.concerns.concern_draft import MAX_WORDS, ConcernDraft
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.people.people import full_name
from services.permissions import ROLE_PERMISSIONS, Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_concerns

PAGE = 50
_A_MOMENT = timedelta(minutes=10)
_DECIDING_ROLES = tuple(
    role for role, allowed in ROLE_PERMISSIONS.items() if Permission.DECIDE_CONCERNS in allowed
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was added to a concern: by whom, and when as the clock on the wall showed it."""

    kind: str
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ConcernView:
    """One concern with what was added to it, as far as this reader may see it."""

    ref: str
    about: str
    raised_by: str
    raised_at: datetime
    noticed_at: datetime
    facts: str
    exact_words: str | None
    opinion: str | None
    safe_now: str
    told: str | None
    decided_on: date | None
    is_closed: bool
    is_overdue: bool
    has_reader: bool  # whether anybody who decides can open it at all
    is_hers: bool  # this reader raised it
    asks_for_review: bool  # it says that something happened, and nobody has looked since
    entries: tuple[Entry, ...]

    @property
    def due_on(self) -> date:
        """The day by whose end a decision is due: the one on which it was raised."""
        return self.raised_at.date()


def raise_concern(db: Session, actor: Actor, draft: ConcernDraft) -> str:
    """Keep a concern for whoever decides, and give back its reference."""
    actor.require(Permission.RAISE_CONCERNS)
    draft = draft.checked()
    person_id = one_person.number_of(db, actor, draft.person_ref) if draft.person_ref else None
    _refuse_twin(db, actor, draft, person_id)
    concern = Concern(
        ref=new_ref(),
        person_id=person_id,
        about=draft.about if person_id is None else None,
        raised_by_id=actor.account_id,
        raised_at=clock.now(),
        noticed_at=draft.noticed_at,
        facts=draft.facts,
        exact_words=draft.exact_words or None,
        opinion=draft.opinion or None,
        safe_now=draft.safe_now.value if draft.safe_now else "",
        told=draft.told or None,
    )
    db.add(concern)
    db.flush()
    db.add(OpenConcern(concern_id=concern.id, raised_at=concern.raised_at))
    if draft.is_incident and person_id is not None:
        incidents.note(db, actor, person_id, draft.noticed_on, concern=concern)
    audit.record(db, actor, "concern.raised", f"concern:{concern.ref}")
    return concern.ref


def correct(db: Session, actor: Actor, ref: str, words: str) -> None:
    """Add a correction to a concern she may open; what stands there already stays."""
    actor.require(Permission.RAISE_CONCERNS)
    concern = found(db, actor, ref)
    add_entry(db, concern, EntryKind.CORRECTION, words, by=actor.account_id)
    audit.record(db, actor, "concern.corrected", f"concern:{ref}")


def was_no_incident(db: Session, actor: Actor, ref: str, words: str) -> None:
    """Take back her own tick that something happened: no review is due for it any more.

    Why stands with the concern, as a correction. Raises ConflictError if it was taken back.
    """
    actor.require(Permission.RAISE_CONCERNS)
    concern = found(db, actor, ref)
    if concern.raised_by_id != actor.account_id:
        raise NotFoundError("concern")
    incidents.take_back_of(db, actor, concern)
    add_entry(db, concern, EntryKind.CORRECTION, words, by=actor.account_id)
    audit.record(db, actor, "concern.incident_taken_back", f"concern:{ref}")


@while_unchanged
def own(db: Session, actor: Actor, *, before: int | None = None) -> pd.DataFrame:
    """A page of the concerns she raised, newest first: number, ref, raised (wall time), decided.

    Give the last number as `before` for the next page.
    """
    actor.require(Permission.RAISE_CONCERNS)
    query = (
        select(Concern.id, Concern.ref, Concern.raised_at, _has(EntryKind.DECISION))
        .where(Concern.raised_by_id == actor.account_id, visible_concerns(actor))
        .order_by(Concern.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(Concern.id < before)
    rows = [
        (number, ref, clock.wall(at), decided) for number, ref, at, decided in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["number", "ref", "raised", "decided"])


def view(db: Session, actor: Actor, ref: str) -> ConcernView:
    """One concern; the look is written in the audit log.

    Whoever raised it reads back her own words and corrections, and whether a decision was made;
    what was decided is for those who decide.
    """
    actor.require(Permission.RAISE_CONCERNS)
    concern = found(db, actor, ref)
    person = db.get(Person, concern.person_id) if concern.person_id else None
    entries = _entries(db, concern)
    waits = db.get(OpenConcern, concern.id)
    decided = next((one.at.date() for one, _by in entries if one.kind == "decision"), None)
    reads_all = actor.may(Permission.DECIDE_CONCERNS)
    audit.viewed(db, actor, f"concern:{ref}")
    return ConcernView(
        ref=ref,
        about=f"{full_name(person)}, {person.code}" if person else concern.about or "",
        raised_by=_name_of(db, concern.raised_by_id),
        raised_at=clock.wall(concern.raised_at),
        noticed_at=clock.wall(concern.noticed_at),
        facts=concern.facts,
        exact_words=concern.exact_words,
        opinion=concern.opinion,
        safe_now=concern.safe_now,
        told=concern.told,
        decided_on=decided,
        is_closed=waits is None,
        is_overdue=decided is None and concern.raised_at < clock.start_of_day(clock.today()),
        has_reader=decided is not None or _has_reader(db, concern),
        is_hers=concern.raised_by_id == actor.account_id,
        asks_for_review=incidents.asks_for_review(db, concern),
        entries=tuple(one for one, by in entries if reads_all or by == actor.account_id),
    )


def found(db: Session, actor: Actor, ref: str) -> Concern:
    """A concern she may open; NotFoundError for any other."""
    actor.require(Permission.RAISE_CONCERNS)
    concern = db.scalar(select(Concern).where(Concern.ref == ref, visible_concerns(actor)))
    if concern is None:
        raise NotFoundError("concern")
    return concern


def add_entry(db: Session, concern: Concern, kind: EntryKind, words: str, *, by: int) -> None:
    """Add words to a concern by an account. A step of services, which have asked and audit it."""
    if not 1 <= len(words.strip()) <= MAX_WORDS:
        raise InvalidInputError({"words": f"Write it down, in up to {MAX_WORDS:,} letters."})
    entry = ConcernEntry(
        concern_id=concern.id, kind=kind, at=clock.now(), account_id=by, words=words.strip()
    )
    db.add(entry)


def _refuse_twin(db: Session, actor: Actor, draft: ConcernDraft, person_id: int | None) -> None:
    """A form sent twice raises one concern."""
    query = select(Concern.about, Concern.facts).where(
        Concern.raised_by_id == actor.account_id,
        Concern.person_id == person_id,
        Concern.raised_at > clock.now() - _A_MOMENT,
    )
    about = None if person_id else draft.about
    if (about, draft.facts) in db.execute(query).all():
        raise ConflictError("You raised this a moment ago. It stands in the list of your concerns.")


def _has(kind: EntryKind) -> Exists:
    return exists().where(ConcernEntry.concern_id == Concern.id, ConcernEntry.kind == kind)


def _has_reader(db: Session, concern: Concern) -> bool:
    """Whether anybody who decides may open it: nobody may wait for an answer that cannot come."""
    kept_out = select(RecordLock.account_id).where(RecordLock.person_id == concern.person_id)
    query = select(Account.id).where(
        Account.is_active, Account.role.in_(_DECIDING_ROLES), Account.id.not_in(kept_out)
    )
    return db.scalar(query.limit(1)) is not None


def _entries(db: Session, concern: Concern) -> list[tuple[Entry, int]]:
    """Everything added, in order, each with the account that added it."""
    query = (
        select(ConcernEntry, Account.display_name)
        .join(Account, Account.id == ConcernEntry.account_id)
        .where(ConcernEntry.concern_id == concern.id)
        .order_by(ConcernEntry.id)
    )
    return [
        (Entry(one.kind.value, clock.wall(one.at), by, one.words), one.account_id)
        for one, by in db.execute(query)
    ]


def _name_of(db: Session, account_id: int) -> str:
    return db.scalars(select(Account.display_name).where(Account.id == account_id)).one()
