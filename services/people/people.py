"""Families and participants: adding them, finding them, seeing one."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from models import (
    CURRENT_PLACES,
    Family,
    Group,
    Person,
    Place,
    new_ref,
)
from services import audit, clock
from services.errors import InvalidInputError, NotFoundError
from services.people.person_draft import PersonDraft
from services.permissions import Actor, Permission
from services.search import PEOPLE, Hit, Position, Step, find, reason, rebuild, reindex
from services.unchanged import while_unchanged
from services.visibility import visible_people, visible_places

PAGE = 50
# What a list says of somebody: whatever else is written about her is not decrypted for it.
NAMED = (Person.ref.label("person_ref"), Person.first_name, Person.known_as, Person.last_name)
# Whoever is asked for: of a record that was joined to another, the other is shown.
_ASKED = aliased(Person)
AGE_BANDS = (  # domain §6: the bands funders ask for, from this age on
    (0, "0-4"),
    (5, "5-8"),
    (9, "9-11"),
    (12, "12-15"),
    (16, "16-17"),
    (18, "18-24"),
    (25, "25-34"),
    (35, "35-44"),
    (45, "45-54"),
    (55, "55-64"),
    (65, "65+"),
)


# What a list shows of somebody, and nothing else decrypted; beside it, how close she comes.
_LISTED = select(
    Person.id,
    Person.ref,
    Person.code,
    Person.kind,
    Person.first_name,
    Person.last_name,
    Person.known_as,
    Person.date_of_birth,
)
Listed: TypeAlias = tuple[Hit, Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """What a reader who may see this person sees of her."""

    ref: str
    code: str
    name: str
    first_name: str
    kind: str
    age_band: str | None
    family_ref: str
    needs: tuple[str, ...]
    complex_needs: str | None
    alert: str | None


def age_from(born: date | None, *, on: date) -> int | None:
    """The first year of the band of ages somebody is in on a day."""
    found = _band(born, on)
    return None if found is None else found[0]


def age_band(born: date | None, *, today: date) -> str | None:
    """The band of domain §6 an age falls in, or None when the birthday is not known."""
    found = _band(born, today)
    return None if found is None else found[1]


def _band(born: date | None, on: date) -> tuple[int, str] | None:
    """The band of ages on a day: its first year, and how it is called."""
    if born is None:
        return None
    years = relativedelta(on, born).years
    return next((band for band in reversed(AGE_BANDS) if years >= band[0]), None)


def add_family(db: Session, actor: Actor, members: list[PersonDraft]) -> list[str]:
    """Add a family with its members and give back their references, in order."""
    actor.require(Permission.EDIT_PEOPLE)
    if not members:
        raise InvalidInputError({"first_name": "Add at least one person."})
    drafts = [draft.checked(today=clock.today()) for draft in members]
    family = Family(ref=new_ref(), created_at=clock.now())
    db.add(family)
    db.flush()
    people = [_new_person(family, draft) for draft in drafts]
    db.add_all(people)
    db.flush()
    rebuild(db, PEOPLE, [person.id for person in people])
    audit.record(db, actor, "family.added", f"family:{family.ref}", people=len(people))
    return [person.ref for person in people]


def add_to_family(db: Session, actor: Actor, family_ref: str, draft: PersonDraft) -> str:
    """Add one more person to a family and give back her reference."""
    actor.require(Permission.EDIT_PEOPLE)
    draft = draft.checked(today=clock.today())
    family = db.scalar(
        select(Family)
        .join(Person, Person.family_id == Family.id)
        .where(Family.ref == family_ref, visible_people(actor))
    )
    if family is None:
        raise NotFoundError("family")
    person = _new_person(family, draft)
    db.add(person)
    db.flush()
    reindex(db, person.id)
    audit.record(db, actor, "person.added", f"person:{person.ref}")
    return person.ref


def directory(
    db: Session, actor: Actor, *, search: str = "", after: Position | None = None
) -> pd.DataFrame:
    """A page of the people this reader may see, newest first, or those who fit, the closest first.

    Columns: position (give the last one as `after` for the next page), ref, name, kind, age_band,
    groups (current places), why (what she was found by, where her name does not show it).
    """
    actor.require(Permission.READ_PEOPLE)
    text = search.strip()
    page = _fitting(db, actor, text, after) if text else _newest(db, actor, after)
    if text:
        audit.record(db, actor, "people.searched", "", found=len(page))
    groups = _group_counts(db, actor, [hit.number for hit, _ in page])
    today = clock.today()
    rows = [
        (
            hit.position,
            one.ref,
            full_name(one),
            one.kind.value,
            age_band(one.date_of_birth, today=today),
            groups.get(one.id, 0),
            _why(text, hit, one) if text else "",
        )
        for hit, one in page
    ]
    columns = ["position", "ref", "name", "kind", "age_band", "groups", "why"]
    return pd.DataFrame(rows, columns=columns)


def summary(db: Session, actor: Actor, ref: str) -> PersonSummary:
    """One person, as far as this reader may see her; the look is written in the audit log."""
    actor.require(Permission.READ_PEOPLE)
    row = db.execute(
        select(Person, Family.ref)
        .join(_ASKED, func.coalesce(_ASKED.merged_into_id, _ASKED.id) == Person.id)
        .join(Family, Family.id == Person.family_id)
        .where(_ASKED.ref == ref, visible_people(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError("person")
    person, family_ref = row
    audit.viewed(db, actor, f"person:{person.ref}")
    reads_alerts = actor.may(Permission.READ_ALERTS)
    return PersonSummary(
        ref=person.ref,
        code=person.code,
        name=full_name(person),
        first_name=person.first_name,
        kind=person.kind.value,
        age_band=age_band(person.date_of_birth, today=clock.today()),
        family_ref=family_ref,
        needs=needs(person),
        complex_needs=person.complex_needs if reads_alerts else None,
        alert=person.alert if reads_alerts else None,
    )


def family_members(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """The others in a person's family whom this reader may see: ref, name, kind, age_band."""
    actor.require(Permission.READ_PEOPLE)
    family = select(Person.family_id).where(Person.ref == ref, visible_people(actor))
    query = select(Person).where(
        Person.family_id.in_(family), Person.ref != ref, visible_people(actor)
    )
    today = clock.today()
    rows = [
        (one.ref, full_name(one), one.kind.value, age_band(one.date_of_birth, today=today))
        for one in db.scalars(query)
    ]
    return pd.DataFrame(rows, columns=["ref", "name", "kind", "age_band"])


@while_unchanged
def places_of(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """A person's places this reader may see: place, group_ref, group, state, joined, left,
    attended."""
    actor.require(Permission.READ_PEOPLE)
    query = (
        select(
            Place.ref,
            Group.ref,
            Group.code_name,
            Place.state,
            Place.joined_on,
            Place.left_on,
            Place.attended,
        )
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(Person.ref == ref, visible_places(actor))
        .order_by(Place.joined_on.desc())
    )
    rows = [
        (place, group, name, state.value, *rest)
        for place, group, name, state, *rest in db.execute(query)
    ]
    columns = ["place", "group_ref", "group", "state", "joined", "left", "attended"]
    return pd.DataFrame(rows, columns=columns)


def full_name(person: Person | Row[*tuple[Any, ...]]) -> str:
    """First and last name, as staff read them, with what she is known as between them."""
    known_as = f" “{person.known_as}”" if person.known_as else ""
    return f"{person.first_name}{known_as} {person.last_name}"


def needs(person: Person) -> tuple[str, ...]:
    """What to have ready each time: asked once, shown at every session (domain §5.5)."""
    return tuple(filter(None, (person.access_needs, _language(person))))


def _language(person: Person) -> str | None:
    """What her language asks of a session; English, which everybody here speaks, nothing."""
    if person.needs_interpreter:
        return f"Interpreter, {person.language}" if person.language else "Interpreter"
    if person.language in (None, "English"):
        return None
    return f"Most at ease in {person.language}"


def _new_person(family: Family, draft: PersonDraft) -> Person:
    return Person(ref=new_ref(), family_id=family.id, created_at=clock.now(), **asdict(draft))


def _fitting(db: Session, actor: Actor, text: str, after: Position | None) -> list[Listed]:
    hits = find(db, PEOPLE, text, visible_people(actor), limit=PAGE, after=after)
    query = _LISTED.where(Person.id.in_([hit.number for hit in hits]))
    rows = {row.id: row for row in db.execute(query)}
    return [(hit, rows[hit.number]) for hit in hits]


def _newest(db: Session, actor: Actor, after: Position | None) -> list[Listed]:
    query = _LISTED.where(visible_people(actor)).order_by(Person.id.desc()).limit(PAGE)
    if after is not None:
        query = query.where(Person.id < after[1])
    return [(Hit(Step.WHOLE, row.id), row) for row in db.execute(query)]


def _why(text: str, hit: Hit, one: Row[*tuple[Any, ...]]) -> str:
    name = f"{one.first_name} {one.last_name}"
    return reason(text, hit.step, name=name, known_as=one.known_as, code=one.code)


def _group_counts(db: Session, actor: Actor, person_ids: list[int]) -> dict[int, int]:
    query = (
        select(Place.person_id, func.count())
        .where(
            Place.person_id.in_(person_ids),
            Place.state.in_(CURRENT_PLACES),
            visible_places(actor),
        )
        .group_by(Place.person_id)
    )
    return dict(db.execute(query).all())


__all__ = [
    "AGE_BANDS",
    "PAGE",
    "PersonDraft",
    "PersonSummary",
    "add_family",
    "add_to_family",
    "age_band",
    "directory",
    "family_members",
    "full_name",
    "needs",
    "places_of",
    "summary",
]
