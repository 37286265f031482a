"""What facilitators saw of each child in a session: a strand, a step, and a few words."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupSession,
    GroupState,
    Mark,
    Observation,
    Person,
    PersonKind,
    Place,
    SessionState,
)
from services import audit, clock
from services.attendance import AttendanceCode
from services.children.child_prompts import band_on, prompts
from services.children.child_steps import TOP_STEP, strand_labels
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session, on_register

MAX_WORDS = 500
NOT_THERE = "This child was not there by the register. Mark who came first."


@dataclass(frozen=True, slots=True)
class Seen:
    """One strand of one child in one session; `by` names who noted it, None for herself."""

    strand: str
    step: int | None  # None: not seen
    words: str
    version: int
    by: str | None


@dataclass(frozen=True, slots=True)
class ChildSeen:
    """A child expected at a session, with the band its prompts are for and what was noted."""

    place_ref: str
    person_ref: str
    name: str
    band: str
    was_there: bool
    notes: tuple[Seen, ...]

    def own(self, strand: str) -> Seen | None:
        """The reader's own note of a strand."""
        return next((one for one in self.notes if one.strand == strand and one.by is None), None)


def of_session(db: Session, actor: Actor, session_ref: str) -> tuple[ChildSeen, ...]:
    """The children of a session by name, and everything noted of them in it.

    The look is written in the audit log with that at the session's register.
    """
    actor.require(Permission.RECORD_MEASURES)
    held, _group = find_session(db, actor, session_ref)
    query = (
        select(Place.id, Place.ref, *NAMED, Person.date_of_birth, Mark.code)
        .join(Person, Person.id == Place.person_id)
        .outerjoin(Mark, (Mark.place_id == Place.id) & (Mark.session_id == held.id))
        .where(on_register(actor, held), Person.kind == PersonKind.CHILD)
    )
    children = db.execute(query).all()
    notes = _notes(db, actor, held, [one.id for one in children])
    day = clock.local(held.starts_at, held.zone).date()
    found = [
        ChildSeen(
            place_ref=one.ref,
            person_ref=one.person_ref,
            name=full_name(one),
            band=band_on(one.date_of_birth, day),
            was_there=_was_there(one.code),
            notes=tuple(notes.get(one.id, ())),
        )
        for one in children
    ]
    if found:
        audit.viewed(db, actor, f"session:{session_ref}")
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def note(
    db: Session, actor: Actor, session_ref: str, place_ref: str, strand: str, step: int | None
) -> None:
    """Keep the step she saw a child on in a strand, or that it was not seen (None).

    The same tap again changes nothing; another step takes the place of her own earlier one.
    """
    actor.require(Permission.RECORD_MEASURES)
    _refuse_unknown(strand, step)
    held, group = find_session(db, actor, session_ref, lock=True)
    _refuse_closed(held, group)
    place_id = _child_there(db, actor, held, place_ref)
    kept = _own(db, actor, held, place_id, strand)
    if kept is not None and kept.step == step:
        return
    if kept is None:
        kept = Observation(
            place_id=place_id,
            session_id=held.id,
            account_id=actor.account_id,
            strand=strand,
            prompts_version=prompts().version,
        )
        db.add(kept)
    kept.step, kept.noted_at = step, clock.now()
    audit.record(db, actor, "observation.noted", f"place:{place_ref}", strand=strand)


def save_words(
    db: Session,
    actor: Actor,
    session_ref: str,
    place_ref: str,
    strand: str,
    words: str,
    *,
    version: int,
) -> int:
    """Keep her few words on a strand as they stand now; gives back their new version.

    Newer words of her own, written in another window, raise ConflictError holding them.
    """
    actor.require(Permission.RECORD_MEASURES)
    if len(words) > MAX_WORDS:
        raise InvalidInputError({"words": f"Keep it under {MAX_WORDS} letters: a few words do."})
    held, group = find_session(db, actor, session_ref, lock=True)
    _refuse_closed(held, group)
    place_id = _child_there(db, actor, held, place_ref)
    kept = _own(db, actor, held, place_id, strand)
    if kept is None:
        raise ConflictError("Say first what you saw: a step, or “not seen”. Then add your words.")
    if kept.words == words:
        return kept.version
    if kept.version > version:
        raise ConflictError("These words were changed in another window.", theirs=kept.words)
    kept.words, kept.version, kept.noted_at = words, kept.version + 1, clock.now()
    audit.record(db, actor, "observation.words", f"place:{place_ref}", strand=strand)
    return kept.version


def take_back(db: Session, actor: Actor, session_ref: str, place_ref: str, strand: str) -> None:
    """Remove her own note of a strand, with its words; taking it back twice is doing so once."""
    actor.require(Permission.RECORD_MEASURES)
    held, group = find_session(db, actor, session_ref, lock=True)
    _refuse_closed(held, group)
    kept = _own(db, actor, held, _child_there(db, actor, held, place_ref), strand)
    if kept is None:
        return
    db.delete(kept)
    audit.record(db, actor, "observation.taken_back", f"place:{place_ref}", strand=strand)


def _notes(
    db: Session, actor: Actor, held: GroupSession, place_ids: list[int]
) -> dict[int, list[Seen]]:
    order = list(strand_labels())
    query = (
        select(Observation, Account.display_name)
        .join(Account, Account.id == Observation.account_id)
        .where(Observation.session_id == held.id, Observation.place_id.in_(place_ids))
        .order_by(Observation.id)
    )
    found: dict[int, list[Seen]] = {}
    for kept, name in db.execute(query):
        by = None if kept.account_id == actor.account_id else name
        seen = Seen(kept.strand, kept.step, kept.words, kept.version, by)
        found.setdefault(kept.place_id, []).append(seen)
    for of_child in found.values():
        of_child.sort(key=lambda one: order.index(one.strand))
    return found


def _refuse_unknown(strand: str, step: int | None) -> None:
    if strand not in strand_labels():
        raise InvalidInputError({"strand": "Choose one of the eight strands."})
    if step is not None and not 0 <= step <= TOP_STEP:
        raise InvalidInputError({"step": "Choose one of the five steps, or “not seen”."})


def _refuse_closed(held: GroupSession, group: Group) -> None:
    if group.state in (GroupState.CLOSED, GroupState.CANCELLED):
        raise ConflictError("This group is closed. Ask the programme lead to open it again.")
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so nothing was seen in it.")
    if held.starts_at > clock.now():
        raise ConflictError("This session has not begun yet. Note what you see once it has.")


def _child_there(db: Session, actor: Actor, held: GroupSession, place_ref: str) -> int:
    """The place of a child on the session's register who, as far as it is marked, came."""
    query = (
        select(Place.id, Mark.code)
        .join(Person, Person.id == Place.person_id)
        .outerjoin(Mark, (Mark.place_id == Place.id) & (Mark.session_id == held.id))
        .where(Place.ref == place_ref, on_register(actor, held), Person.kind == PersonKind.CHILD)
    )
    found: Row[*tuple[Any, ...]] | None = db.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("child")
    if not _was_there(found.code):
        raise ConflictError(NOT_THERE)
    number: int = found.id
    return number


def _was_there(code: str | None) -> bool:
    """By the register; where there is no mark yet, nothing stands against it."""
    return code is None or AttendanceCode(code).attended


def _own(
    db: Session, actor: Actor, held: GroupSession, place_id: int, strand: str
) -> Observation | None:
    return db.scalar(
        select(Observation).where(
            Observation.place_id == place_id,
            Observation.session_id == held.id,
            Observation.account_id == actor.account_id,
            Observation.strand == strand,
        )
    )
