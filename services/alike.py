"""What two people may have in common: a surname, or a school. Asked by services/placing.py."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import CompoundSelect, Select, or_, select
from sqlalchemy.orm import Session

from models import Person, PersonToken, Professional, ProfessionalKind, Volunteer, VolunteerToken
from services import names
from services.search import keys
from services.search.keys import MAX_PREFIX

_Ids: TypeAlias = Select[int] | CompoundSelect[int]


@dataclass(frozen=True, slots=True)
class School:
    """The families of one school: all that were asked about, and those in the group."""

    families: set[int]
    here: set[int]

    def joins(self, family: int) -> bool:
        """Whether this family meets another one of the group there."""
        return family in self.families and bool(self.here - {family})


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


def schools(db: Session, families: set[int], people: _Ids) -> list[School]:
    """Each school that one of these families or of those in the group belongs to."""
    here = Professional.family_id.in_(select(Person.family_id).where(Person.id.in_(people)))
    query = select(Professional.organisation, Professional.family_id, here).where(
        Professional.kind == ProfessionalKind.SCHOOL,
        or_(Professional.family_id.in_(families), here),
    )
    found: defaultdict[str, School] = defaultdict(lambda: School(set(), set()))
    for name, family, is_here in db.execute(query):
        school = found[plain(name or "")]
        school.families.add(family)
        if is_here:
            school.here.add(family)
    found.pop("", None)
    return list(found.values())


def plain(name: str) -> str:
    """A name as two spellings of it are compared."""
    return " ".join(names.normalised(name))


def _tokens(kind: str, surnames: Sequence[str]) -> list[str]:
    """The hashes of the longest word of each surname, under every key in use."""
    words = {max(names.normalised(name), key=len, default="") for name in surnames}
    return [token for word in words for token in keys.whole(kind, word[:MAX_PREFIX])]
