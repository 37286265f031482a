"""Schools and workers around a family; none of them is a route to the family by itself."""

from dataclasses import asdict, dataclass

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Family, Person, Professional, ProfessionalKind
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_people

MAX_TEXT = 200
MAX_NOTE = 500
_COLUMNS = ["ref", "kind", "organisation", "name", "phone", "email", "note", "version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalDraft:
    """A school or worker as it was filled in."""

    kind: ProfessionalKind
    organisation: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""

    def checked(self) -> "dict[str, str | ProfessionalKind | None]":
        """The fields without stray spaces. Raises InvalidInputError with a sentence a field."""
        texts = {field: text.strip() for field, text in asdict(self).items() if field != "kind"}
        problems: dict[str, str] = {}
        if not texts["organisation"] and not texts["name"]:
            problems["organisation"] = "Enter a school or organisation, or a worker's name."
        for field, text in texts.items():
            if len(text) > (most := MAX_NOTE if field == "note" else MAX_TEXT):
                problems[field] = f"Shorten this to {most} letters."
        if texts["phone"] and not any(map(str.isdigit, texts["phone"])):
            problems["phone"] = "Enter a phone number, or leave it empty."
        if texts["email"] and "@" not in texts["email"].strip("@"):
            problems["email"] = "Enter an email address with an @, or leave it empty."
        if problems:
            raise InvalidInputError(problems)
        return {"kind": self.kind, **{field: text or None for field, text in texts.items()}}


def around(db: Session, actor: Actor, family_ref: str) -> pd.DataFrame:
    """Who stands around a family: ref, kind, organisation, name, phone, email, note, version."""
    actor.require(Permission.READ_PEOPLE)
    family_id = _known_family(actor, family_ref).scalar_subquery()
    query = (
        select(Professional).where(Professional.family_id == family_id).order_by(Professional.id)
    )
    rows = [
        (
            one.ref, one.kind.value, one.organisation, one.name, one.phone, one.email, one.note,
            one.version,
        )
        for one in db.scalars(query)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=_COLUMNS)


def add(db: Session, actor: Actor, family_ref: str, draft: ProfessionalDraft) -> str:
    """Add a school or worker to a family and give back the reference."""
    actor.require(Permission.EDIT_PEOPLE)
    fields = draft.checked()
    family_id = db.scalar(_known_family(actor, family_ref))
    if family_id is None:
        raise NotFoundError("family")
    one = Professional(family_id=family_id, **fields)
    db.add(one)
    db.flush()
    audit.record(db, actor, "professional.added", f"family:{family_ref}", professional=one.ref)
    return one.ref


def change(db: Session, actor: Actor, ref: str, draft: ProfessionalDraft, *, version: int) -> None:
    """Change one of them. A stale version raises ConflictError."""
    actor.require(Permission.EDIT_PEOPLE)
    fields = draft.checked()
    one, family_ref = _current(db, actor, ref, version)
    for field, value in fields.items():
        setattr(one, field, value)
    audit.record(db, actor, "professional.changed", f"family:{family_ref}", professional=ref)


def remove(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Take one of them away: she has left, or it was a mistake."""
    actor.require(Permission.EDIT_PEOPLE)
    one, family_ref = _current(db, actor, ref, version)
    db.delete(one)
    audit.record(db, actor, "professional.removed", f"family:{family_ref}", professional=ref)


def _known_family(actor: Actor, family_ref: str) -> Select[int]:
    """The number of a family in which this reader may see somebody."""
    return (
        select(Person.family_id)
        .join(Family, Family.id == Person.family_id)
        .where(Family.ref == family_ref, visible_people(actor))
        .limit(1)
    )


def _current(db: Session, actor: Actor, ref: str, version: int) -> tuple[Professional, str]:
    row = db.execute(
        select(Professional, Family.ref)
        .join(Family, Family.id == Professional.family_id)
        .where(Professional.ref == ref)
        .with_for_update(of=Professional)
    ).one_or_none()
    if row is None or db.scalar(_known_family(actor, row[1])) is None:
        raise NotFoundError("entry")
    if row[0].version != version:
        raise ConflictError("Somebody else changed this meanwhile. Look at the list again.")
    return row[0], row[1]
