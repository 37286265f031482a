"""Choosing words to be quoted, with a yes alone, and taking them back."""

import re

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Consent, FeedbackQuote, Person, Purpose
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.feedback import own_words
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.visibility import visible_people

LONGEST = 500
# What may stand for something left out: dots, or a word in square brackets for a name.
_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")


def choose(db: Session, actor: Actor, session_ref: str, handle: str, words: str) -> str:
    """Keep somebody's words, or parts of them, to be quoted, and give back their reference.

    Raises ConflictError where she did not say yes on her form, or has taken it back.
    """
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref, lock=True)
    text = next((one for one in own_words.of_session(db, held) if one.handle == handle), None)
    if text is None:
        raise NotFoundError("text")
    if not text.may_be_quoted:
        raise ConflictError("Whoever wrote this did not say that it may be quoted.")
    tidy = _checked(words)
    if not _is_part_of(tidy, text.words):
        raise InvalidInputError(
            {
                "words": "Quote what stands there. Where you leave something out, write … or, in "
                "place of a name, a word in square brackets."
            }
        )
    _refuse_twice(db, text)
    row = FeedbackQuote(
        session_id=held.id,
        answer_id=text.answer_id,
        question=text.question,
        words=tidy,
        chosen_on=clock.today(),
        chosen_by_id=actor.account_id,
    )
    return _keep(db, actor, row, f"session:{held.ref}")


def told(db: Session, actor: Actor, person_ref: str, words: str) -> str:
    """Keep words somebody said to us, under her consent to being quoted without a name."""
    actor.require(Permission.RECORD_CONSENT)
    query = select(Consent.id).join(Person, Person.id == Consent.person_id)
    consent_id = db.scalar(
        query.where(
            Person.ref == person_ref,
            visible_people(actor),
            Consent.purpose == Purpose.QUOTE,
            Consent.withdrawn_on.is_(None),
        ).with_for_update(of=Consent)
    )
    if consent_id is None:
        raise ConflictError("Record her consent to being quoted first.")
    row = FeedbackQuote(
        consent_id=consent_id,
        words=_checked(words),
        chosen_on=clock.today(),
        chosen_by_id=actor.account_id,
    )
    return _keep(db, actor, row, f"person:{person_ref}")


def withdraw(db: Session, actor: Actor, session_ref: str, quote_ref: str, *, version: int) -> None:
    """Whoever wrote them has changed her mind: the words are gone, and cannot be chosen again."""
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    row = _held(db, quote_ref, FeedbackQuote.session_id == held.id)
    _take_back(db, actor, row, f"session:{held.ref}", version)


def take_back(db: Session, actor: Actor, person_ref: str, quote_ref: str, *, version: int) -> None:
    """She does not want these words quoted; her consent to others stands."""
    actor.require(Permission.RECORD_CONSENT)
    hers = select(Consent.id).join(Person, Person.id == Consent.person_id)
    hers = hers.where(Person.ref == person_ref, visible_people(actor))
    row = _held(db, quote_ref, FeedbackQuote.consent_id.in_(hers))
    _take_back(db, actor, row, f"person:{person_ref}", version)


def _refuse_twice(db: Session, text: own_words.Text) -> None:
    query = select(FeedbackQuote.withdrawn_on).where(
        FeedbackQuote.answer_id == text.answer_id, FeedbackQuote.question == text.question
    )
    found = db.execute(query).first()
    if found is not None and found.withdrawn_on is None:
        raise ConflictError("These words are among the quotes already.")
    if found is not None:
        raise ConflictError("Whoever wrote this does not want it quoted any more.")


def _keep(db: Session, actor: Actor, row: FeedbackQuote, subject: str) -> str:
    db.add(row)
    db.flush()
    audit.record(db, actor, "quote.chosen", subject, quote=row.ref)
    return row.ref


def _held(db: Session, ref: str, hers: ColumnElement[bool]) -> FeedbackQuote:
    row = db.scalar(select(FeedbackQuote).where(FeedbackQuote.ref == ref, hers).with_for_update())
    if row is None:
        raise NotFoundError("quote")
    return row


def _take_back(db: Session, actor: Actor, row: FeedbackQuote, subject: str, version: int) -> None:
    if row.withdrawn_on is not None:
        return
    if row.version != version:
        raise ConflictError("Somebody else changed this quote meanwhile. Look at it, then decide.")
    row.words, row.withdrawn_on, row.withdrawn_by_id = None, clock.today(), actor.account_id
    db.flush()
    audit.record(db, actor, "quote.withdrawn", subject, quote=row.ref)


def _checked(words: str) -> str:
    tidy = " ".join(words.split())
    if not 1 <= len(tidy) <= LONGEST:
        raise InvalidInputError({"words": f"Quote up to {LONGEST} letters."})
    return tidy


def _is_part_of(words: str, whole: str) -> bool:
    """Whether every part stands in the whole, in this order, and something does."""
    parts = [part.strip() for part in _LEFT_OUT.split(words) if part.strip()]
    rest = " ".join(whole.split())
    for part in parts:
        _before, found, rest = rest.partition(part)
        if not found:
            return False
    return bool(parts)
