"""What happened to somebody: from then on her risk is due for review, until somebody has looked.

Who raises a concern may say that it was an incident; of that the review knows no more than the day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ScalarSelect, Select, func, select, update
from sqlalchemy.orm import Session

from models import Concern, Incident, IncidentCorrection, Person, RiskReview
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.permissions import Actor, Permission

MAX_WORDS = 2_000
_LONGEST_AGO = timedelta(days=366)  # further back it is a slip of the pen
_A_MOMENT = timedelta(minutes=10)
_NO_INCIDENT = "Whoever noted it says that it was none."  # why stands with the concern
# Of an incident its newest correction counts: the day it gives, or that it is taken back.
_NEWEST = (
    select(func.max(IncidentCorrection.id))
    .where(IncidentCorrection.incident_id == Incident.id)
    .correlate(Incident)
    .scalar_subquery()
)
_DAY = func.coalesce(IncidentCorrection.happened_on, Incident.happened_on)
_STANDS = IncidentCorrection.is_taken_back.is_not(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """An incident as it was filled in."""

    happened_on: date
    words: str

    def checked(self, *, today: date) -> "IncidentDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        words = self.words.strip()
        if not 1 <= len(words) <= MAX_WORDS:
            problems["words"] = (
                f"Write in a few words what happened, in up to {MAX_WORDS:,} letters."
            )
        if not today - _LONGEST_AGO <= self.happened_on <= today:
            problems["happened_on"] = "Check the day: within the last year, and not in the future."
        if problems:
            raise InvalidInputError(problems)
        return IncidentDraft(happened_on=self.happened_on, words=words)


def record(db: Session, actor: Actor, person_ref: str, draft: IncidentDraft) -> None:
    """Note what happened to somebody whose risk she reviews."""
    actor.require(Permission.RECORD_RISK)
    draft = draft.checked(today=clock.today())
    person_id = one_person.number_of(db, actor, person_ref)
    _refuse_twin(db, actor, person_id, draft)
    note(db, actor, person_id, draft.happened_on, words=draft.words)
    audit.record(db, actor, "incident.recorded", f"person:{person_ref}")


def correct(
    db: Session, actor: Actor, person_ref: str, number: int, draft: IncidentDraft, *, seen: int
) -> None:
    """Say what was otherwise about an incident. What stands there stays, beside the correction.

    `number` is the incident's own, `seen` how many corrections she saw. Where it happened later
    than thought, a review from before it answers it no more. Raises ConflictError.
    """
    actor.require(Permission.RECORD_RISK)
    draft = draft.checked(today=clock.today())
    incident = _to_correct(db, actor, person_ref, number, seen)
    _add(db, actor, incident, draft.words, draft.happened_on)
    answered_by = db.get(RiskReview, incident.review_id) if incident.review_id else None
    if answered_by is not None and answered_by.assessed_on < draft.happened_on:
        incident.review_id = None
    audit.record(db, actor, "incident.corrected", f"person:{person_ref}")


def take_back(
    db: Session, actor: Actor, person_ref: str, number: int, why: str, *, seen: int
) -> None:
    """It did not happen, or not to her: no review is due for it any more. Raises ConflictError."""
    actor.require(Permission.RECORD_RISK)
    why = why.strip()
    if not 1 <= len(why) <= MAX_WORDS:
        raise InvalidInputError({"words": f"Say why, in up to {MAX_WORDS:,} letters."})
    _add(db, actor, _to_correct(db, actor, person_ref, number, seen), why, None)
    audit.record(db, actor, "incident.taken_back", f"person:{person_ref}")


def asks_for_review(db: Session, concern: Concern) -> bool:
    """Whether whoever raised it said that something happened, and no review has answered that."""
    query = (
        select(Incident.id)
        .outerjoin(IncidentCorrection, IncidentCorrection.id == _NEWEST)
        .where(Incident.concern_id == concern.id, Incident.review_id.is_(None), _STANDS)
    )
    return db.scalar(query) is not None


def first_waiting() -> ScalarSelect[date]:
    """For a query of people: the day since which somebody's risk is to be looked at again."""
    return (
        select(func.min(_DAY))
        .select_from(Incident)
        .outerjoin(IncidentCorrection, IncidentCorrection.id == _NEWEST)
        .where(Incident.person_id == Person.id, Incident.review_id.is_(None), _STANDS)
        .correlate(Person)
        .scalar_subquery()
    )


def note(
    db: Session,
    by: Actor,
    person_id: int,
    on: date,
    *,
    words: str | None = None,
    concern: Concern | None = None,
) -> None:
    """In words, or with the concern that holds them. A step of services, which audit it."""
    db.add(
        Incident(
            person_id=person_id,
            happened_on=on,
            words=words,
            concern_id=concern.id if concern else None,
            account_id=by.account_id,
            recorded_at=clock.now(),
        )
    )


def take_back_of(db: Session, by: Actor, concern: Concern) -> None:
    """What was noted with a concern was none. A step of services, which have asked and audit it."""
    incident, _corrections = _held(db, select(Incident).where(Incident.concern_id == concern.id))
    _add(db, by, incident, _NO_INCIDENT, None)


def looked_at(db: Session, review: RiskReview) -> None:
    """A review answers what had happened by its day. A step of making one."""
    db.flush()
    answered = (
        select(Incident.id)
        .outerjoin(IncidentCorrection, IncidentCorrection.id == _NEWEST)
        .where(
            Incident.person_id == review.person_id,
            Incident.review_id.is_(None),
            _STANDS,
            review.assessed_on >= _DAY,
        )
    )
    db.execute(update(Incident).where(Incident.id.in_(answered)).values(review_id=review.id))


def _to_correct(db: Session, actor: Actor, person_ref: str, number: int, seen: int) -> Incident:
    """An incident with no correction she has not seen; one noted with a concern is not among them:
    only there is known what it was."""
    query = select(Incident).where(
        Incident.id == number,
        Incident.person_id == one_person.number_of(db, actor, person_ref),
        Incident.words.is_not(None),
    )
    incident, corrections = _held(db, query)
    if corrections != seen:
        raise ConflictError("Somebody else corrected this meanwhile. Look at it, then decide.")
    return incident


def _held(db: Session, query: Select[Incident]) -> tuple[Incident, int]:
    """An incident that stands, held until the transaction ends, and how often it was corrected."""
    incident = db.scalar(query.with_for_update())
    if incident is None:
        raise NotFoundError("incident")
    corrections = IncidentCorrection.incident_id == incident.id
    before = db.scalars(select(IncidentCorrection.is_taken_back).where(corrections)).all()
    if any(before):
        raise ConflictError("This was taken back. Record it again if it happened after all.")
    return incident, len(before)


def _add(
    db: Session, actor: Actor, incident: Incident, words: str, happened_on: date | None
) -> None:
    db.add(
        IncidentCorrection(
            incident_id=incident.id,
            is_taken_back=happened_on is None,
            happened_on=happened_on,
            words=words,
            account_id=actor.account_id,
            recorded_at=clock.now(),
        )
    )


def _refuse_twin(db: Session, actor: Actor, person_id: int, draft: IncidentDraft) -> None:
    """A form sent twice records one incident."""
    query = select(Incident.words).where(
        Incident.person_id == person_id,
        Incident.account_id == actor.account_id,
        Incident.happened_on == draft.happened_on,
        Incident.recorded_at > clock.now() - _A_MOMENT,
    )
    if draft.words in db.scalars(query).all():
        raise ConflictError("This is here already: you recorded it a moment ago.")
