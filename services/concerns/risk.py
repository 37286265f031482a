"""Reviews of risk: the DASH score, the level decided on, and when to look again (domain §5.4).

The level is what the score says or higher, never lower: professional judgement counts upwards.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from models import SEATED_PLACES, Account, Person, Place, RiskLevel, RiskReview, new_ref
from services import audit, clock
from services.concerns import incidents
from services.errors import ConflictError, InvalidInputError
from services.people import one_person
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.registers.welfare.following import hasten
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import own_group_ids, visible_people

MOST = 50
HIGHEST_SCORE = 24
NO_SCORE = f"Enter how many of the {HIGHEST_SCORE} questions were a yes."
MAX_WORDS = 2_000
LEVELS = (RiskLevel.STANDARD, RiskLevel.MEDIUM, RiskLevel.HIGH)  # from the least on
_MEDIUM_FROM, _HIGH_FROM = 10, 14
_REVIEW_MONTHS, _LATEST_REVIEW_MONTHS = 3, 6
_LONGEST_AGO = timedelta(days=366)  # for writing down late; further back it is a slip of the pen
_A_MOMENT = timedelta(minutes=10)


def is_score(number: int) -> bool:
    """Whether so many of the questions can have been a yes."""
    return 0 <= number <= HIGHEST_SCORE


def proposed(score: int) -> RiskLevel:
    """The least the level can be: 1 to 9 standard, 10 to 13 medium, 14 and more high."""
    if score >= _HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= _MEDIUM_FROM else RiskLevel.STANDARD


def allowed(score: int) -> tuple[RiskLevel, ...]:
    """The levels judgement may choose for a score, the proposed one first."""
    return LEVELS[LEVELS.index(proposed(score)) :]


def next_review(assessed_on: date) -> date:
    """When to look again if nothing happens before: three months later."""
    return assessed_on + relativedelta(months=_REVIEW_MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDraft:
    """A review as it was filled in."""

    assessed_on: date
    score: int
    level: RiskLevel
    review_on: date
    raised_because: str = ""
    action: str = ""

    def checked(self, *, today: date) -> "RiskDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        tidy = replace(self, raised_because=self.raised_because.strip(), action=self.action.strip())
        problems = {
            field: f"Shorten this to {MAX_WORDS:,} letters."
            for field in ("raised_because", "action")
            if len(getattr(tidy, field)) > MAX_WORDS
        }
        if not is_score(tidy.score):
            problems["score"] = NO_SCORE
        elif tidy.level not in allowed(tidy.score):
            problems["level"] = (
                "Judgement may raise the level, never lower it: this score is at least "
                f"{proposed(tidy.score).value} risk."
            )
        elif tidy.level is not proposed(tidy.score) and not tidy.raised_because:
            problems["raised_because"] = "Say why the level is higher than the score."
        if not today - _LONGEST_AGO <= tidy.assessed_on <= today:
            problems["assessed_on"] = "Check the day: within the last year, and not in the future."
        latest = tidy.assessed_on + relativedelta(months=_LATEST_REVIEW_MONTHS)
        if not tidy.assessed_on < tidy.review_on <= latest:
            problems["review_on"] = "Choose a day after this review, at most six months later."
        if problems:
            raise InvalidInputError(problems)
        return tidy


def review(db: Session, actor: Actor, person_ref: str, draft: RiskDraft) -> str:
    """Keep a review of somebody's risk and give back its reference.

    Reviews are added, never changed: the newest counts, and two made at once both stand.
    """
    actor.require(Permission.RECORD_RISK)
    draft = draft.checked(today=clock.today())
    person_id = one_person.number_of(db, actor, person_ref)
    _refuse_twin(db, actor, person_id, draft)
    made = RiskReview(
        ref=new_ref(),
        person_id=person_id,
        assessed_on=draft.assessed_on,
        score=draft.score,
        level=draft.level,
        raised_because=draft.raised_because or None,
        action=draft.action or None,
        review_on=draft.review_on,
        account_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.add(made)
    incidents.looked_at(db, made)
    if draft.level is RiskLevel.HIGH:
        hasten(db, person_id)
    audit.record(db, actor, "risk.reviewed", f"person:{person_ref}", review=made.ref)
    return made.ref


def of_person(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """Somebody's latest reviews, the current one first; the look is written in the audit log.

    Columns: assessed, score, level, raised_because, action, review_on, by.
    """
    actor.require(Permission.RECORD_RISK)
    query = (
        select(RiskReview, Account.display_name)
        .join(Account, Account.id == RiskReview.account_id)
        .where(RiskReview.person_id == one_person.number_of(db, actor, person_ref))
        .order_by(RiskReview.assessed_on.desc(), RiskReview.id.desc())
        .limit(MOST)
    )
    rows = [
        (one.assessed_on, one.score, one.level.value, one.raised_because, one.action,
         one.review_on, by)
        for one, by in db.execute(query)
    ]  # fmt: skip
    audit.viewed(db, actor, f"person:{person_ref}")
    columns = ["assessed", "score", "level", "raised_because", "action", "review_on", "by"]
    return pd.DataFrame(rows, columns=columns)


@while_unchanged
def to_review(db: Session, actor: Actor) -> pd.DataFrame:
    """Those with a place in her groups whose risk is due for review: first those to whom
    something happened since the last one, then those at high risk, then the longest due.

    Columns: person_ref, name, level ("" where nobody has reviewed it yet), due, after_incident.
    """
    actor.require(Permission.RECORD_RISK)
    rows = [
        (
            row.person_ref,
            full_name(row),
            row.level.value if row.level else "",
            row.happened or row.review_on,
            row.happened is not None,
        )
        for row in db.execute(_to_review(actor))
    ]
    return pd.DataFrame(rows, columns=["person_ref", "name", "level", "due", "after_incident"])


@once
def _to_review(actor: Actor) -> Select[*tuple[Any, ...]]:
    hers = select(Place.person_id).where(
        Place.state.in_(SEATED_PLACES), Place.group_id.in_(own_group_ids(actor))
    )
    due, happened = RiskReview.review_on, incidents.first_waiting()
    is_due = due <= each_time(due, clock.today)
    return (
        select(*NAMED, RiskReview.level, due, happened.label("happened"))
        .outerjoin(RiskReview, RiskReview.id == _latest())
        .where(Person.id.in_(hers), visible_people(actor), is_due | happened.is_not(None))
        .order_by(
            happened.is_(None),
            RiskReview.level.is_distinct_from(RiskLevel.HIGH),
            func.coalesce(happened, due),
            Person.id,
        )
        .limit(MOST)
    )


def high_among(db: Session, actor: Actor, person_ids: list[int]) -> set[int]:
    """Of these people, those whose level is high now."""
    actor.require(Permission.RECORD_RISK)
    query = (
        select(Person.id)
        .join(RiskReview, RiskReview.id == _latest())
        .where(Person.id.in_(person_ids), visible_people(actor), RiskReview.level == RiskLevel.HIGH)
    )
    return set(db.scalars(query))


def at_high(db: Session, person_ids: list[int]) -> set[int]:
    """The same for a step of another service, which has asked who may know."""
    query = (
        select(Person.id)
        .join(RiskReview, RiskReview.id == _latest())
        .where(Person.id.in_(person_ids), RiskReview.level == RiskLevel.HIGH)
    )
    return set(db.scalars(query))


def _latest() -> ScalarSelect[int]:
    """The number of a person's current review."""
    return (
        select(RiskReview.id)
        .where(RiskReview.person_id == Person.id)
        .order_by(RiskReview.assessed_on.desc(), RiskReview.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def _refuse_twin(db: Session, actor: Actor, person_id: int, draft: RiskDraft) -> None:
    """A form sent twice makes one review."""
    twin = select(RiskReview.id).where(
        RiskReview.person_id == person_id,
        RiskReview.account_id == actor.account_id,
        RiskReview.assessed_on == draft.assessed_on,
        RiskReview.score == draft.score,
        RiskReview.level == draft.level,
        RiskReview.recorded_at > clock.now() - _A_MOMENT,
    )
    if db.scalar(twin.limit(1)) is not None:
        raise ConflictError("This review is here already: you added it a moment ago.")
