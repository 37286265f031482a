"""What own words are about: themes put to each text by those who read it, and counted."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import FeedbackTag, FeedbackTheme
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.feedback import counting, own_words
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.tallies import tallies

MOST = 5  # a text that is about everything is about nothing

Tags = Mapping[str, Collection[str]]  # text → themes, by their names


@dataclass(frozen=True, slots=True)
class Tagged:
    """One text with its themes, by reference."""

    handle: str
    asked: str
    words: str
    themes: frozenset[str]
    may_be_quoted: bool


def texts(db: Session, actor: Actor, session_ref: str) -> tuple[Tagged, ...]:
    """What people wrote about a session of hers, as far as it has been shown, and its themes."""
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    found = own_words.of_session(db, held)
    about = _about(db, found)
    return tuple(
        Tagged(one.handle, one.asked, one.words, frozenset(about[one.handle]), one.may_be_quoted)
        for one in found
    )


def tag(db: Session, actor: Actor, session_ref: str, chosen: Tags, *, seen: Tags) -> None:
    """Say what these texts are about. Raises ConflictError when that changed since `seen`."""
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref, lock=True)
    texts_by_handle = {one.handle: one for one in own_words.of_session(db, held)}
    if not texts_by_handle.keys() >= chosen.keys():
        raise NotFoundError("text")
    before = _about(db, texts_by_handle.values())
    _refuse_overtaken(before, seen)
    ids = _themes(db, chosen)
    changed = {name: set(refs) for name, refs in chosen.items() if set(refs) != before[name]}
    counts: Counter[tallies.Cell] = Counter()
    period = clock.quarter(group.starts_on)
    for name, refs in changed.items():
        text = texts_by_handle[name]
        here = (FeedbackTag.answer_id == text.answer_id, FeedbackTag.question == text.question)
        db.execute(delete(FeedbackTag).where(*here))
        db.add_all(
            FeedbackTag(answer_id=text.answer_id, question=text.question, theme_id=ids[ref])
            for ref in refs
        )
        counts.update(counting.of_words(group.programme, period, refs))
        counts.subtract(counting.of_words(group.programme, period, before[name]))
    if changed:
        tallies.add(db, counts)
        audit.record(db, actor, "feedback.tagged", f"session:{held.ref}", texts=len(changed))


def _about(db: Session, found: Collection[own_words.Text]) -> defaultdict[str, set[str]]:
    names = {(one.answer_id, one.question): one.handle for one in found}
    query = (
        select(FeedbackTag.answer_id, FeedbackTag.question, FeedbackTheme.ref)
        .join(FeedbackTheme, FeedbackTheme.id == FeedbackTag.theme_id)
        .where(FeedbackTag.answer_id.in_({one.answer_id for one in found}))
    )
    about: defaultdict[str, set[str]] = defaultdict(set)
    for answer_id, question, theme in db.execute(query):
        about[names[answer_id, question]].add(theme)
    return about


def _themes(db: Session, chosen: Tags) -> dict[str, int]:
    """The numbers of the themes chosen. Raises InvalidInputError where one is not on the list."""
    wanted = {ref for refs in chosen.values() for ref in refs}
    query = select(FeedbackTheme.ref, FeedbackTheme.id).where(FeedbackTheme.ref.in_(wanted))
    ids: dict[str, int] = dict(db.execute(query).all())
    if wanted - ids.keys():
        raise InvalidInputError({"themes": "Choose themes from the list."})
    if any(len(set(refs)) > MOST for refs in chosen.values()):
        raise InvalidInputError({"themes": f"Choose {MOST} themes for a text at most."})
    return ids


def _refuse_overtaken(now: Mapping[str, set[str]], seen: Tags) -> None:
    if any(set(refs) != now.get(name, set()) for name, refs in seen.items()):
        raise ConflictError(
            "Somebody else chose themes while you had this open. Look at them, then choose yours."
        )
