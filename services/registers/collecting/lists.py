"""A child's list: those who may collect her, with a password word each, and those who must not.

Who must not is read by the facilitators of the child's own groups and by nobody else; whoever
else keeps the list learns only that there is somebody.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Collector, Person, PersonKind
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.permissions import Actor, Permission
from services.visibility import visible_people

MOST = 20
MAX_NAME, MAX_RELATION, MAX_WORD = 100, 60, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorDraft:
    """One more on the list, as it was filled in."""

    name: str
    relation: str = ""
    may_collect: bool = True
    agreed_word: str = ""

    def checked(self) -> "CollectorDraft":
        """The same, tidied. Raises InvalidInputError with a sentence a field."""
        name, relation, word = (
            " ".join(text.split()) for text in (self.name, self.relation, self.agreed_word)
        )
        problems: dict[str, str] = {}
        if not name:
            problems["name"] = "Enter the name of the person."
        for field, text, most in (
            ("name", name, MAX_NAME), ("relation", relation, MAX_RELATION),
            ("agreed_word", word, MAX_WORD),
        ):  # fmt: skip
            if len(text) > most:
                problems[field] = f"Shorten this to {most} letters."
        if word and not self.may_collect:
            problems["agreed_word"] = "Leave this empty: nobody who must not collect has a word."
        if problems:
            raise InvalidInputError(problems)
        return CollectorDraft(
            name=name, relation=relation, may_collect=self.may_collect, agreed_word=word
        )


@dataclass(frozen=True, slots=True)
class OnList:
    """Somebody on a child's list; the word itself is shown on request only."""

    ref: str
    name: str
    relation: str | None
    has_word: bool
    version: int


@dataclass(frozen=True, slots=True)
class ChildsList:
    """A child's list as this reader may see it; `barred_unseen` counts those she may not."""

    may: tuple[OnList, ...]
    must_not: tuple[OnList, ...]
    barred_unseen: int


def of_child(db: Session, actor: Actor, person_ref: str) -> ChildsList:
    """Who may collect a child, and who must not as far as this reader may know."""
    actor.require(Permission.KEEP_COLLECTORS)
    rows = _rows(db, _child(db, actor, person_ref))
    barred = tuple(_on_list(row) for row in rows if not row.may_collect)
    knows = actor.may(Permission.READ_ALERTS)
    return ChildsList(
        may=tuple(_on_list(row) for row in rows if row.may_collect),
        must_not=barred if knows else (),
        barred_unseen=0 if knows else len(barred),
    )


def add(db: Session, actor: Actor, person_ref: str, draft: CollectorDraft) -> None:
    """Put somebody on a child's list."""
    actor.require(Permission.KEEP_COLLECTORS)
    draft = draft.checked()
    child = _child(db, actor, person_ref, lock=True)
    _refuse(_rows(db, child), draft, knows=actor.may(Permission.READ_ALERTS))
    db.add(
        Collector(
            person_id=child.id,
            name=draft.name,
            relation=draft.relation or None,
            may_collect=draft.may_collect,
            agreed_word=draft.agreed_word or None,
            noted_at=clock.now(),
            noted_by_id=actor.account_id,
        )
    )
    audit.record(db, actor, "collector.added", f"person:{person_ref}", may=draft.may_collect)


def take_off(db: Session, actor: Actor, collector_ref: str, *, version: int) -> None:
    """Take somebody off a child's list. Who collected the child before then stays known."""
    actor.require(Permission.KEEP_COLLECTORS)
    found, person_ref = _find(db, actor, collector_ref)
    if found.ended_at is not None or found.version != version:
        raise ConflictError("Somebody else changed this list meanwhile. Look at it again.")
    found.ended_at = clock.now()
    audit.record(db, actor, "collector.ended", f"person:{person_ref}", may=found.may_collect)


def reveal_word(db: Session, actor: Actor, collector_ref: str) -> str:
    """The password word of somebody who may collect; the look is written in the audit log."""
    actor.require(Permission.KEEP_COLLECTORS)
    found, person_ref = _find(db, actor, collector_ref)
    if found.agreed_word is None:
        raise NotFoundError("entry")
    audit.record(db, actor, "collector.revealed", f"person:{person_ref}", collector=found.ref)
    return found.agreed_word


def _refuse(rows: list[Collector], draft: CollectorDraft, *, knows: bool) -> None:
    if len(rows) >= MOST:
        raise ConflictError(f"{MOST} are on the list already. Take off those who no longer come.")
    same = [row for row in rows if row.name.casefold() == draft.name.casefold()]
    if not same:
        return
    if any(row.may_collect is draft.may_collect for row in same):
        seen = draft.may_collect or knows
        where = "on this list already" if seen else "noted already"
        raise ConflictError(f"Somebody of this name is {where}.")
    if draft.may_collect and not knows:
        raise ConflictError(
            "This person cannot be added here. Ask a facilitator of the child's group first."
        )
    raise ConflictError("This person is on the other list. Take her off there first.")


def _rows(db: Session, child: Person) -> list[Collector]:
    query = (
        select(Collector)
        .where(Collector.person_id == child.id, Collector.ended_at.is_(None))
        .order_by(Collector.id)
        .limit(2 * MOST)
    )
    return list(db.scalars(query))


def _on_list(row: Collector) -> OnList:
    return OnList(row.ref, row.name, row.relation, row.agreed_word is not None, row.version)


def _child(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Person:
    found = one_person.find(db, actor, ref, lock=lock)
    if found.kind is not PersonKind.CHILD:
        raise ConflictError("Only a child is collected. Open the child's record.")
    return found


def _find(db: Session, actor: Actor, ref: str) -> tuple[Collector, str]:
    """Somebody on a list this reader may see, with whose list it is; held against others."""
    query = (
        select(Collector, Person.ref)
        .join(Person, Person.id == Collector.person_id)
        .where(Collector.ref == ref, visible_people(actor))
        .with_for_update(of=Collector)
    )
    if not actor.may(Permission.READ_ALERTS):
        query = query.where(Collector.may_collect)
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("entry")
    return found
