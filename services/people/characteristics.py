"""Protected characteristics: asked once, kept apart, and read in totals only (domain §6).

Nothing here gives back what one person answered: not to whoever wrote it down a minute ago.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Characteristic, Person
from services import audit, clock
from services.disclosure import TOTAL, suppress
from services.errors import ConflictError, InvalidInputError
from services.people import one_person
from services.people.characteristic_questions import (
    NOT_SAID,
    OWN_WORDS,
    Question,
    question,
    questions,
)
from services.permissions import Actor, Permission
from services.tallies.shares import SHOWN_OUTSIDE_FROM, sees_small_numbers

MAX_WORDS = 200
# Domain §3.6: five inside, since an answer here may be the most private thing somebody told us.
SHOWN_INSIDE_FROM = 5
NOT_ASKED = "Not asked"


@dataclass(frozen=True, slots=True)
class Given:
    """What she answered to one question: one of its choices, with her own words if she has any."""

    answer: str
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Columns answer, people (NA where hidden); numbers below `hidden_below` are not shown."""

    people: pd.DataFrame
    hidden_below: int


def unasked(db: Session, actor: Actor, ref: str) -> tuple[Question, ...]:
    """The questions still to be asked of a person; not how she answered the others."""
    actor.require(Permission.ASK_CHARACTERISTICS)
    person = one_person.find(db, actor, ref)
    asked = select(Characteristic.question).where(Characteristic.person_id == person.id)
    return _open(person, set(db.scalars(asked)))


def record(db: Session, actor: Actor, ref: str, answers: Mapping[str, Given]) -> None:
    """Keep her answers to questions she has not been asked; those left out stay open.

    Raises ConflictError when a colleague has asked one of them meanwhile: the first answer stays.
    """
    actor.require(Permission.ASK_CHARACTERISTICS)
    _check(answers)
    person = one_person.find(db, actor, ref, lock=True)
    asked = select(Characteristic.question).where(Characteristic.person_id == person.id)
    if not answers.keys() <= {one.key for one in _open(person, set(db.scalars(asked)))}:
        raise ConflictError(
            "A colleague asked her some of this meanwhile. Only what is still open is shown now."
        )
    db.add_all(_row(person, key, given) for key, given in answers.items())
    _note(db, actor, "characteristics.asked", person, len(answers))


def correct(db: Session, actor: Actor, ref: str, key: str, given: Given) -> None:
    """Put another answer in the place of hers, when she asks for it; the old one is not shown."""
    actor.require(Permission.ASK_CHARACTERISTICS)
    _check({key: given})
    person = one_person.find(db, actor, ref, lock=True)
    row = db.scalar(
        select(Characteristic).where(
            Characteristic.person_id == person.id, Characteristic.question == key
        )
    )
    if row is None:
        raise ConflictError("She has not been asked this yet. Answer it among the open questions.")
    row.answer, row.own_words = given.answer, _own_words(given)
    _note(db, actor, "characteristics.corrected", person, 1)


def totals(db: Session, actor: Actor, key: str) -> Totals:
    """How many people gave each answer to a question.

    The last two rows are those not asked and everybody. Small numbers are hidden, with as many
    others as it takes, so that none can be worked out from the rest.
    """
    actor.require(Permission.READ_OUTCOMES)
    asked = question(key)
    gone = select(Person.id).where(Person.merged_into_id.is_not(None))
    kept = Characteristic.person_id.not_in(gone)
    counted = (
        select(Characteristic.answer, func.count())
        .where(Characteristic.question == key, kept)
        .group_by(Characteristic.answer)
    )
    answers = Counter(dict(db.execute(counted).all()))
    everybody = db.scalar(select(func.count()).where(Person.merged_into_id.is_(None))) or 0
    rows = {label: answers[answer] for answer, label in asked.choices.items()}
    rows[NOT_ASKED] = everybody - answers.total()
    threshold = SHOWN_INSIDE_FROM if sees_small_numbers(actor) else SHOWN_OUTSIDE_FROM
    shown = suppress(pd.DataFrame({"people": rows}), threshold)[TOTAL]
    return Totals(shown.rename("people").rename_axis("answer").reset_index(), threshold)


def _open(person: Person, asked: set[str]) -> tuple[Question, ...]:
    return tuple(
        one for one in questions().questions if one.key not in asked and one.is_for(person.kind)
    )


def _check(answers: Mapping[str, Given]) -> None:
    problems: dict[str, str] = {}
    known = {one.key: one for one in questions().questions}
    for key, given in answers.items():
        if key not in known or given.answer not in known[key].choices:
            problems[key] = "Choose one of the answers in the list."
        elif given.answer == OWN_WORDS and not given.own_words.strip():
            problems[key] = "Write down her own words, or choose another answer."
        elif len(given.own_words) > MAX_WORDS:
            problems[key] = f"Shorten her words to {MAX_WORDS} letters."
    if not answers:
        problems["answers"] = "Nothing is answered yet. Leave this for another day if she wishes."
    if problems:
        raise InvalidInputError(problems)


def _row(person: Person, key: str, given: Given) -> Characteristic:
    return Characteristic(
        person_id=person.id,
        question=key,
        answer=given.answer,
        own_words=_own_words(given),
        asked_on=clock.today(),
    )


def _own_words(given: Given) -> str | None:
    """Words beside an answer are kept; beside "prefer not to say" there is nothing to keep."""
    return None if given.answer == NOT_SAID else given.own_words.strip() or None


def _note(db: Session, actor: Actor, action: str, person: Person, count: int) -> None:
    audit.record(db, actor, action, f"person:{person.ref}", answers=count)
