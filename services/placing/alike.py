"""What two people may have in common: a surname, a school, a street's area, an employer, a place
of worship, a small community. Asked by services/placing/placing.py."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    Crossing,
    CrossingKind,
    Person,
    PersonToken,
    Professional,
    ProfessionalKind,
    Volunteer,
    VolunteerToken,
)
from services.search import keys, names
from services.search.keys import MAX_PREFIX

_Ids: TypeAlias = Select[int] | CompoundSelect[int]
Party: TypeAlias = tuple[str, int]
FAMILY, HELPER = "family", "helper"


@dataclass(frozen=True, slots=True)
class Common:
    """One place of many lives: whose it is of all that were asked about, and of the group."""

    everybody: set[Party] = field(default_factory=set)
    here: set[Party] = field(default_factory=set)

    def joins(self, *one: Party) -> bool:
        """Whether she, as one or as several of these, meets somebody else of the group there."""
        return not self.everybody.isdisjoint(one) and bool(self.here.difference(one))


def family(number: int) -> Party:
    """A family, as one who shares a place."""
    return FAMILY, number


def helper(number: int) -> Party:
    """A survivor volunteer, as one who shares a place."""
    return HELPER, number


def numbers(kind: str, parties: Collection[Party]) -> list[int]:
    """The numbers of those of one kind."""
    return [number for of, number in parties if of == kind]


def people_named(
    db: Session, surnames: Sequence[str], people: _Ids
) -> defaultdict[str, set[int | None]]:
    """The families of participants in the group with one of these surnames.

    The keyed hashes find them; only those few are decrypted, to be sure that it is the surname.
    """
    query = (
        select(Person.last_name, Person.family_id)
        .join(PersonToken, PersonToken.person_id == Person.id)
        .where(PersonToken.token.in_(_tokens("person", surnames)), Person.id.in_(people))
    )
    return _by_surname(db.execute(query))


def volunteers_named(
    db: Session, surnames: Sequence[str], volunteers: _Ids
) -> defaultdict[str, set[int | None]]:
    """Nobody's family: the link between a volunteer and her own is not kept with her name."""
    query = (
        select(Volunteer.last_name)
        .join(VolunteerToken, VolunteerToken.volunteer_id == Volunteer.id)
        .where(
            VolunteerToken.token.in_(_tokens("volunteer", surnames)),
            Volunteer.id.in_(volunteers),
        )
    )
    return _by_surname((name, None) for name in db.scalars(query))


def _by_surname(rows: Iterable[tuple[str, int | None]]) -> defaultdict[str, set[int | None]]:
    found: defaultdict[str, set[int | None]] = defaultdict(set)
    for name, family in rows:
        found[plain(name)].add(family)
    found.pop("", None)
    return found


def in_common(
    db: Session, parties: Collection[Party], people: _Ids, volunteers: _Ids
) -> list[Common]:
    """Each place that one of those asked about, or of the people and volunteers in the group,
    belongs to; where somebody must not go is none. One statement, whoever is asked about."""
    families, helpers = numbers(FAMILY, parties), numbers(HELPER, parties)
    of_group = select(Person.family_id).where(Person.id.in_(people))
    one, school = Crossing, Professional
    here = or_(one.family_id.in_(of_group), one.volunteer_id.in_(volunteers))
    asked = or_(one.family_id.in_(families), one.volunteer_id.in_(helpers))
    crossings = select(
        cast(one.kind, String),
        one.name,
        one.family_id,
        one.volunteer_id,
        func.coalesce(here, false()),
    ).where(one.kind != CrossingKind.AVOIDS, or_(asked, here))
    is_here = school.family_id.in_(of_group)
    schools = select(
        literal("school"), school.organisation, school.family_id, null(), is_here
    ).where(school.kind == ProfessionalKind.SCHOOL, or_(school.family_id.in_(families), is_here))
    found: defaultdict[tuple[str, str], Common] = defaultdict(Common)
    rows: Iterable[Any] = db.execute(union_all(crossings, schools))
    for kind, name, of_family, of_helper, in_group in rows:
        if not (words := plain(name or "")):
            continue
        party = helper(of_helper) if of_family is None else family(of_family)
        found[kind, words].everybody.add(party)
        if in_group:
            found[kind, words].here.add(party)
    return list(found.values())


def plain(name: str) -> str:
    """A name as two spellings of it are compared."""
    return " ".join(names.normalised(name))


def _tokens(kind: str, surnames: Sequence[str]) -> list[str]:
    """The hashes of the longest word of each surname, under every key in use."""
    words = {max(names.normalised(name), key=len, default="") for name in surnames}
    return [token for word in words for token in keys.whole(kind, word[:MAX_PREFIX])]
