"""What happened to somebody: from then on her risk is due for review, until somebody has looked.

Who raises a concern may say that it was an incident; of that the review knows no more than the day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from models import Account, Incident, Person, RiskReview
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.people import one_person
from services.permissions import Actor, Permission

MAX_WORDS = 2_000
_LONGEST_AGO = timedelta(days=366)  # further back it is a slip of the pen
_A_MOMENT = timedelta(minutes=10)


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
    note(db, actor, person_id, draft.happened_on, draft.words)
    audit.record(db, actor, "incident.recorded", f"person:{person_ref}")


def waiting(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """What happened to somebody since her risk was reviewed, the first first: happened, words, by.

    Where a concern was raised of it there are no words, and nobody's name.
    """
    actor.require(Permission.RECORD_RISK)
    query = (
        select(Incident, Account.display_name)
        .join(Account, Account.id == Incident.account_id)
        .where(
            Incident.person_id == one_person.number_of(db, actor, person_ref),
            Incident.review_id.is_(None),
        )
        .order_by(Incident.happened_on, Incident.id)
    )
    rows = [
        (one.happened_on, one.words or "", by if one.words else "") for one, by in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["happened", "words", "by"])


def first_waiting() -> ScalarSelect[date]:
    """For a query of people: the day since which somebody's risk is to be looked at again."""
    return (
        select(func.min(Incident.happened_on))
        .where(Incident.person_id == Person.id, Incident.review_id.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )


def note(db: Session, by: Actor, person_id: int, on: date, words: str | None = None) -> None:
    """A step of services, which have asked and audit it."""
    db.add(
        Incident(
            person_id=person_id,
            happened_on=on,
            words=words,
            account_id=by.account_id,
            recorded_at=clock.now(),
        )
    )


def looked_at(db: Session, review: RiskReview) -> None:
    """A review answers what had happened by its day. A step of making one."""
    db.flush()
    answered = (
        (Incident.person_id == review.person_id)
        & Incident.review_id.is_(None)
        & (Incident.happened_on <= review.assessed_on)
    )
    db.execute(update(Incident).where(answered).values(review_id=review.id))


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
