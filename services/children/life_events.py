"""Events in a child's life, such as a court date, that its steps have to be read beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from dateutil.relativedelta import relativedelta
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import LifeEvent, Person, PersonKind
from services import audit, clock
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_people

FILE = DATA / "reference" / "life_events.yaml"
MAX_WORDS = 200
EARLIEST = relativedelta(years=3)  # what is longer ago stands outside any chart


class LifeEvents(Definition):
    """What the file holds: a key that stays, and the words shown for it."""

    events: dict[str, str] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event as it was filled in."""

    happened_on: date
    kind: str
    words: str = ""

    def checked(self, *, today: date) -> "EventDraft":
        """The same with its words tidied. Raises InvalidInputError."""
        words = " ".join(self.words.split())
        problems = {}
        if not today - EARLIEST <= self.happened_on <= today:
            problems["happened_on"] = "Check the day: today, or within the last three years."
        if self.kind not in event_kinds():
            problems["kind"] = "Choose one from the list."
        if len(words) > MAX_WORDS:
            problems["words"] = f"Shorten this to {MAX_WORDS} letters."
        if problems:
            raise InvalidInputError(problems)
        return EventDraft(happened_on=self.happened_on, kind=self.kind, words=words)


@cache
def event_kinds() -> Mapping[str, str]:
    """The kinds of event by key, in the order they are offered."""
    return MappingProxyType(read_definition(FILE, LifeEvents).events)


def add(db: Session, actor: Actor, person_ref: str, draft: EventDraft) -> str:
    """Keep an event in a child's life; the very same again is the one there is."""
    actor.require(Permission.RECORD_MEASURES)
    draft = draft.checked(today=clock.today())
    person = _child(db, actor, person_ref)
    same = select(LifeEvent).where(
        LifeEvent.person_id == person, LifeEvent.happened_on == draft.happened_on,
        LifeEvent.kind == draft.kind,
    )  # fmt: skip
    for kept in db.scalars(same):
        if (kept.words or "") == draft.words:
            return kept.ref
    event = LifeEvent(
        person_id=person,
        happened_on=draft.happened_on,
        kind=draft.kind,
        words=draft.words or None,
        noted_at=clock.now(),
        account_id=actor.account_id,
    )
    db.add(event)
    db.flush()
    audit.record(db, actor, "life_event.added", f"person:{person_ref}")
    return event.ref


def take_back(db: Session, actor: Actor, person_ref: str, event_ref: str) -> None:
    """Remove an event that was recorded by mistake; removing it twice is removing it once."""
    actor.require(Permission.RECORD_MEASURES)
    person = _child(db, actor, person_ref)
    event = db.scalar(
        select(LifeEvent).where(LifeEvent.ref == event_ref, LifeEvent.person_id == person)
    )
    if event is None:
        return
    db.delete(event)
    audit.record(db, actor, "life_event.taken_back", f"person:{person_ref}")


def _child(db: Session, actor: Actor, ref: str) -> int:
    """Held, so that two who note the same event at once do not keep it twice."""
    found = db.scalar(
        select(Person.id)
        .where(Person.ref == ref, Person.kind == PersonKind.CHILD, visible_people(actor))
        .with_for_update()
    )
    if found is None:
        raise NotFoundError("child")
    return found
