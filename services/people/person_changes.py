"""Changing what stands in a person's record, without overwriting somebody else's change."""

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy.orm import Session

from models import Person, PersonKind
from services import audit, clock
from services.children import child_stamps
from services.errors import ConflictError
from services.people import one_person
from services.people.person_draft import PersonDraft
from services.permissions import Actor, Permission
from services.search import reindex
from services.versions import Standing, Value, Values, differences

P = Permission
# Who may see and change each field. Alerts and complex needs are for those who run her groups.
MAY_CHANGE = {
    "first_name": P.EDIT_PEOPLE,
    "last_name": P.EDIT_PEOPLE,
    "known_as": P.EDIT_PEOPLE,
    "kind": P.EDIT_PEOPLE,
    "date_of_birth": P.EDIT_PEOPLE,
    "language": P.RECORD_NEEDS,
    "needs_interpreter": P.RECORD_NEEDS,
    "access_needs": P.RECORD_NEEDS,
    "complex_needs": P.READ_ALERTS,
    "alert": P.READ_ALERTS,
}


def details(db: Session, actor: Actor, ref: str) -> Standing:
    """What she may change of a person's record; each field holds what a form gives back."""
    actor.require(P.RECORD_NEEDS)
    person = one_person.find(db, actor, ref)
    audit.viewed(db, actor, f"person:{ref}")
    hers = [field for field, permission in MAY_CHANGE.items() if actor.may(permission)]
    return Standing(person.version, _values(person, hers))


def change(db: Session, actor: Actor, ref: str, mine: Values, *, seen: Standing) -> None:
    """Write her fields into the record, if it still stands as she saw it.

    Somebody else's change since then raises ConflictError with each field in which the two
    versions differ: she chooses, and saves what she chose with the version it was chosen from.
    Fields that are the same in both stand in nobody's way.
    """
    actor.require(P.RECORD_NEEDS)
    for field in mine:
        actor.require(MAY_CHANGE[field])
    person = one_person.find(db, actor, ref, lock=True)
    draft = _draft(person, mine)
    tidy = {field: _plain(getattr(draft, field)) for field in mine}
    theirs = _values(person, mine)
    differing = differences(seen.values, tidy, theirs)
    if person.version != seen.version and differing:
        raise ConflictError(
            "Somebody else changed this record while you had it open. Nothing of yours is lost: "
            "choose below what should stand.",
            differences=differing,
        )
    if not differing:
        return
    for field in mine:
        setattr(person, field, getattr(draft, field))
    db.flush()
    reindex(db, person.id)
    if any(one.field == "date_of_birth" for one in differing):
        child_stamps.stamp_again(db, person.id)
    changed = ", ".join(one.field for one in differing)
    audit.record(db, actor, "person.changed", f"person:{ref}", fields=changed)


def _draft(person: Person, mine: Values) -> PersonDraft:
    """The whole record with her fields in it, checked."""
    names = [field.name for field in fields(PersonDraft)]
    values = {**_values(person, names), **mine}
    draft = PersonDraft(**values | {"kind": PersonKind(values["kind"])})  # type: ignore[arg-type]
    return draft.checked(today=clock.today())


def _values(person: Person, names: Iterable[str]) -> dict[str, Value]:
    return {name: _plain(getattr(person, name)) for name in names}


def _plain(value: Value | PersonKind) -> Value:
    return value.value if isinstance(value, PersonKind) else value
