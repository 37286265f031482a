"""Who is what to whom, in one family or across several, and who has parental responsibility."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from models import Kinship, Person, PersonKind, Relation
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.people.people import age_band, full_name
from services.permissions import Actor, Permission
from services.visibility import visible_people

MAX_NOTE = 500
# Handed down from one to the next: nobody can stand above herself.
_DESCENT = (Relation.MOTHER, Relation.FATHER, Relation.GRANDPARENT)
# A mother or father may be a child herself; whoever else is responsible is grown up.
_BY_BIRTH = (Relation.MOTHER, Relation.FATHER)
_COLUMNS = [
    "other_ref", "name", "kind", "age_band", "relation", "is_relation_of_her",
    "has_responsibility", "note", "version",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KinshipDraft:
    """`person` is the `relation` of `relative`, as it was filled in."""

    person_ref: str
    relative_ref: str
    relation: Relation
    has_responsibility: bool = False
    note: str = ""


def of_person(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """Everybody this reader may see who is something to a person.

    Columns: other_ref, name, kind, age_band, relation, is_relation_of_her (the other is her
    mother; else she is the mother of the other), has_responsibility (of whoever is the relation,
    for the other of the two), note, version.
    """
    actor.require(Permission.READ_PEOPLE)
    her = one_person.number_of(db, actor, ref)
    others = select(Kinship, Person).join(Person, Person.id == _other(her))
    query = others.where(_touches(her), visible_people(actor)).order_by(Kinship.id)
    rows = [
        (
            other.ref,
            full_name(other),
            other.kind.value,
            age_band(other.date_of_birth, today=clock.today()),
            kinship.relation.value,
            kinship.person_id == other.id,
            kinship.has_responsibility,
            kinship.note,
            kinship.version,
        )
        for kinship, other in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def by_code(db: Session, actor: Actor, code: str) -> str:
    """The reference of somebody by the code people say aloud, however it was typed."""
    actor.require(Permission.READ_PEOPLE)
    marks = "".join(filter(str.isalnum, code.upper()))
    query = select(Person.ref).where(
        Person.code == f"{marks[:3]}-{marks[3:]}", visible_people(actor)
    )
    ref = db.scalar(query)
    if ref is None:
        raise InvalidInputError({"code": "There is nobody with this reference. Check each letter."})
    return ref


def add(db: Session, actor: Actor, draft: KinshipDraft) -> None:
    """Say what one person is to another: once for each two, whichever way round."""
    actor.require(Permission.EDIT_PEOPLE)
    if draft.person_ref == draft.relative_ref:
        raise InvalidInputError({"relative": "Choose somebody else: nobody is her own relation."})
    person, relative = _held_pair(db, actor, draft.person_ref, draft.relative_ref)
    _check(person, relative, draft)
    if db.scalar(select(Kinship.id).where(_between(person, relative))) is not None:
        raise ConflictError(
            "What these two are to each other is recorded already. Change it in the list."
        )
    _refuse_circle(db, person, relative, draft.relation)
    db.add(
        Kinship(
            person_id=person.id,
            relative_id=relative.id,
            relation=draft.relation,
            has_responsibility=draft.has_responsibility,
            note=draft.note.strip() or None,
        )
    )
    _record(db, actor, "kinship.added", person, relative)


def change(db: Session, actor: Actor, draft: KinshipDraft, *, version: int) -> None:
    """Say anew what the person is to the relative. A stale version raises ConflictError."""
    actor.require(Permission.EDIT_PEOPLE)
    person, relative = _held_pair(db, actor, draft.person_ref, draft.relative_ref)
    kinship = _current(db, person, relative, version)
    _check(person, relative, draft)
    _refuse_circle(db, person, relative, draft.relation)
    kinship.relation = draft.relation
    kinship.has_responsibility = draft.has_responsibility
    kinship.note = draft.note.strip() or None
    _record(db, actor, "kinship.changed", person, relative)


def remove(db: Session, actor: Actor, person_ref: str, relative_ref: str, *, version: int) -> None:
    """Take back what was said of the two, when it was a mistake."""
    actor.require(Permission.EDIT_PEOPLE)
    person, relative = _held_pair(db, actor, person_ref, relative_ref)
    db.delete(_current(db, person, relative, version))
    _record(db, actor, "kinship.removed", person, relative)


def _check(person: Person, relative: Person, draft: KinshipDraft) -> None:
    problems: dict[str, str] = {}
    born, younger = person.date_of_birth, relative.date_of_birth
    if draft.relation in _DESCENT and born and younger and born >= younger:
        problems["relation"] = (
            "By their dates of birth this is the wrong way round. Check who is the elder."
        )
    if draft.has_responsibility:
        if relative.kind is not PersonKind.CHILD:
            problems["has_responsibility"] = (
                "Parental responsibility is for a child. Untick it, or record a child."
            )
        elif person.kind is PersonKind.CHILD and draft.relation not in _BY_BIRTH:
            problems["has_responsibility"] = (
                "Among children only a mother or father has parental responsibility."
            )
    if len(draft.note) > MAX_NOTE:
        problems["note"] = f"Shorten the note to {MAX_NOTE} letters."
    if problems:
        raise InvalidInputError(problems)


def _refuse_circle(db: Session, person: Person, relative: Person, relation: Relation) -> None:
    """Refuse a parent or grandparent who descends from her own child."""
    if relation in _DESCENT and relative.id in _ancestors(db, person):
        raise InvalidInputError(
            {"relation": "These two are related the other way round already. Check who is elder."}
        )


def _ancestors(db: Session, person: Person) -> set[int]:
    found: set[int] = set()
    fresh: Iterable[int] = [person.id]
    while fresh:
        above = select(Kinship.person_id).where(
            Kinship.relative_id.in_(fresh), Kinship.relation.in_(_DESCENT)
        )
        fresh = set(db.scalars(above)) - found
        found |= fresh
    return found


def _held_pair(db: Session, actor: Actor, *refs: str) -> tuple[Person, Person]:
    """Both people, held until the transaction ends, so that the two are related once."""
    query = select(Person).where(Person.ref.in_(refs), visible_people(actor)).order_by(Person.id)
    held = {person.ref: person for person in db.scalars(query.with_for_update())}
    if len(held) < len(refs):
        raise NotFoundError("person")
    person, relative = (held[ref] for ref in refs)
    return person, relative


def _current(db: Session, person: Person, relative: Person, version: int) -> Kinship:
    kinship = db.scalar(
        select(Kinship).where(Kinship.person_id == person.id, Kinship.relative_id == relative.id)
    )
    if kinship is None or kinship.version != version:
        raise ConflictError("Somebody else changed this meanwhile. Look at the list again.")
    return kinship


def _between(one: Person, other: Person) -> ColumnElement[bool]:
    return or_(
        and_(Kinship.person_id == one.id, Kinship.relative_id == other.id),
        and_(Kinship.person_id == other.id, Kinship.relative_id == one.id),
    )


def _touches(person_id: int) -> ColumnElement[bool]:
    return or_(Kinship.person_id == person_id, Kinship.relative_id == person_id)


def _other(person_id: int) -> ColumnElement[int]:
    """Whoever stands at the other end of a kinship of hers."""
    return case((Kinship.person_id == person_id, Kinship.relative_id), else_=Kinship.person_id)


def _record(db: Session, actor: Actor, action: str, person: Person, relative: Person) -> None:
    audit.record(db, actor, action, f"person:{relative.ref}", relative=person.ref)
