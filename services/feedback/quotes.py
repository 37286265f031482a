"""Words that may be quoted: only with a yes, without a name, and not a moment longer than it holds.

The yes is either on the form the words stand on, or the consent of a person who said them to
us. `usable` is the one place that says what may be quoted now, on a page or in an export.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import Consent, FeedbackQuote, Group, GroupSession, Person, Purpose
from services.consents.consents import consented
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.unchanged import while_unchanged
from services.visibility import visible_people

MOST = 50


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that may be used now; `programme` is None where they were said outside a session."""

    ref: str
    words: str
    programme: str | None
    chosen_on: date
    version: int


@while_unchanged
def usable(db: Session, actor: Actor, *, programme: str | None = None) -> tuple[Quote, ...]:
    """What may be quoted at this moment, the latest first."""
    actor.require(Permission.READ_QUOTES)
    query = _standing()
    if programme is not None:
        query = query.where(Group.programme == programme)
    return _quotes(db, query)


def of_session(db: Session, actor: Actor, session_ref: str) -> tuple[Quote, ...]:
    """What may be quoted of what was said about a session of hers."""
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    return _quotes(db, _standing().where(FeedbackQuote.session_id == held.id))


def of_person(db: Session, actor: Actor, person_ref: str) -> tuple[Quote, ...]:
    """What one person lets us quote."""
    actor.require(Permission.RECORD_CONSENT)
    hers = select(Consent.id).join(Person, Person.id == Consent.person_id)
    hers = hers.where(Person.ref == person_ref, visible_people(actor))
    return _quotes(db, _standing().where(FeedbackQuote.consent_id.in_(hers)))


def _standing() -> Select[FeedbackQuote, str | None]:
    """Every quote whose yes holds now: this very one, not another that was given later."""
    given = aliased(Consent)
    stands = and_(given.withdrawn_on.is_(None), consented(Purpose.QUOTE, person_id=given.person_id))
    return (
        select(FeedbackQuote, Group.programme)
        .outerjoin(GroupSession, GroupSession.id == FeedbackQuote.session_id)
        .outerjoin(Group, Group.id == GroupSession.group_id)
        .outerjoin(given, given.id == FeedbackQuote.consent_id)
        .where(
            FeedbackQuote.withdrawn_on.is_(None),
            or_(FeedbackQuote.consent_id.is_(None), stands),
        )
    )


def _quotes(db: Session, query: Select[FeedbackQuote, str | None]) -> tuple[Quote, ...]:
    newest = query.order_by(FeedbackQuote.chosen_on.desc(), FeedbackQuote.id.desc()).limit(MOST)
    return tuple(
        Quote(row.ref, row.words or "", programme, row.chosen_on, row.version)
        for row, programme in db.execute(newest)
    )
