"""Whether somebody may be placed in a group: the one place that decides (domain §4.3).

It answers and explains nothing. Who it is that she must not meet, and why, is for the sealed list
alone (services/conflicts.py); the answer is the same whoever asks, even where a record is closed
to her. What it costs does not depend on how many are in the group or how many pairs there are.
"""

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeAlias

from sqlalchemy import CompoundSelect, Select, or_, select, union_all
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    CURRENT_SHIFTS,
    Conflict,
    GroupSession,
    Person,
    PersonToken,
    Place,
    Placement,
    Professional,
    ProfessionalKind,
    Shift,
    Strength,
    Volunteer,
    VolunteerToken,
)
from services import clock, names
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.search import keys
from services.search.keys import MAX_PREFIX

MAX_REASON = 2_000
NOT_HERE = "This group is not the right one for her. Choose another group."
WEIGH = (
    "There is something to weigh before she comes to this group. Write why it is right for her "
    "all the same, or choose another group."
)
_SIDES = (
    (Conflict.person_id, Conflict.volunteer_id),
    (Conflict.other_person_id, Conflict.other_volunteer_id),
)
_PERSON, _VOLUNTEER = 0, 1
_People: TypeAlias = Select[int] | CompoundSelect[int]


class Answer(enum.Enum):
    """Whether a placing is safe: no, only after a coordinator has weighed it, or yes."""

    HARD = "hard"
    SOFT = "soft"
    CLEAR = "clear"


def for_people(
    db: Session,
    people: Sequence[Person],
    group_id: int,
    *,
    since: date,
    besides: Collection[int] = (),
) -> dict[int, Answer]:
    """The answer for each of these participants, by her number, coming to a group from a day on.

    Linked families are no conflict: parents and children come to a group together. `besides` are
    the numbers of participants who count as in the group although they have no place yet.
    """
    there = _people_in(group_id, besides)
    recorded = _recorded(db, _PERSON, [one.id for one in people], there, group_id, since)
    surnames = [one.last_name for one in people]
    alike = _people_named(db, surnames, there)
    for name, here in _volunteers_named(db, surnames, group_id, since).items():
        alike[name] |= here
    schools = _schools(db, {one.family_id for one in people}, there)
    return {
        one.id: _answer(
            recorded[one.id],
            alike[_plain(one.last_name)] - {one.family_id}
            or any(one.family_id in there and there - {one.family_id} for there in schools),
        )
        for one in people
    }


def for_volunteer(db: Session, volunteer: Volunteer, group_id: int, *, since: date) -> Answer:
    """The answer for a survivor volunteer who is to be placed with a group from a day on."""
    return for_volunteers(db, [volunteer], group_id, since=since)[volunteer.id]


def for_volunteers(
    db: Session, volunteers: Sequence[Volunteer], group_id: int, *, since: date
) -> dict[int, Answer]:
    """The same for many, by their numbers, at the cost of one."""
    there = _people_in(group_id)
    recorded = _recorded(db, _VOLUNTEER, [one.id for one in volunteers], there, group_id, since)
    alike = _people_named(db, [one.last_name for one in volunteers], there)
    return {one.id: _answer(recorded[one.id], alike[_plain(one.last_name)]) for one in volunteers}


def weigh(actor: Actor, found: Answer, despite: str) -> str | None:
    """The reason to keep with a placing, if one is needed.

    Raises ConflictError for a hard stop, and InvalidInputError at `despite` where something is to
    be weighed and no coordinator has said why it is right all the same. Neither names anybody.
    """
    if found is Answer.HARD:
        raise ConflictError(NOT_HERE)
    if found is Answer.CLEAR:
        return None
    if not despite.strip() or not actor.may(Permission.KEEP_CONFLICTS):
        raise InvalidInputError({"despite": WEIGH})
    if len(despite) > MAX_REASON:
        raise InvalidInputError({"despite": f"Shorten the reason to {MAX_REASON:,} letters."})
    return despite.strip()


def is_settled(found: Answer, despite: str | None) -> bool:
    """Whether a seat may be taken without asking anybody again."""
    return found is Answer.CLEAR or (found is Answer.SOFT and despite is not None)


def _answer(recorded: Iterable[Strength], something_in_common: object) -> Answer:
    if Strength.HARD in recorded:
        return Answer.HARD
    return Answer.SOFT if recorded or something_in_common else Answer.CLEAR


def _recorded(
    db: Session, kind: int, numbers: Sequence[int], people: _People, group_id: int, since: date
) -> defaultdict[int | None, set[Strength]]:
    """How strongly each is kept apart from somebody in the group, whichever way it was recorded."""
    volunteers = _volunteers_in(group_id, since)
    first, second = _SIDES
    halves = (
        select(hers[kind], Conflict.strength).where(
            Conflict.ended_at.is_(None),
            hers[kind].in_(numbers),
            or_(theirs[_PERSON].in_(people), theirs[_VOLUNTEER].in_(volunteers)),
        )
        for hers, theirs in ((first, second), (second, first))
    )
    found: defaultdict[int | None, set[Strength]] = defaultdict(set)
    for number, strength in db.execute(union_all(*halves)):
        found[number].add(strength)
    return found


def _people_named(
    db: Session, surnames: Sequence[str], people: _People
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


def _volunteers_named(
    db: Session, surnames: Sequence[str], group_id: int, since: date
) -> defaultdict[str, set[int | None]]:
    """Nobody's family: the link between a volunteer and her own is not kept with her name."""
    query = (
        select(Volunteer.last_name)
        .join(VolunteerToken, VolunteerToken.volunteer_id == Volunteer.id)
        .where(
            VolunteerToken.token.in_(_tokens("volunteer", surnames)),
            Volunteer.id.in_(_volunteers_in(group_id, since)),
        )
    )
    return _by_surname((name, None) for name in db.scalars(query))


def _by_surname(rows: Iterable[tuple[str, int | None]]) -> defaultdict[str, set[int | None]]:
    found: defaultdict[str, set[int | None]] = defaultdict(set)
    for name, family in rows:
        found[_plain(name)].add(family)
    found.pop("", None)
    return found


def _schools(db: Session, families: set[int], people: _People) -> list[set[int]]:
    """For each school, the families it belongs to, of these and of those in the group."""
    here = select(Person.family_id).where(Person.id.in_(people))
    query = select(Professional.organisation, Professional.family_id).where(
        Professional.kind == ProfessionalKind.SCHOOL,
        or_(Professional.family_id.in_(families), Professional.family_id.in_(here)),
    )
    schools: defaultdict[str, set[int]] = defaultdict(set)
    for school, family in db.execute(query):
        schools[_plain(school or "")].add(family)
    schools.pop("", None)
    return list(schools.values())


def _people_in(group_id: int, besides: Collection[int] = ()) -> _People:
    """Those seated, offered a place or waiting."""
    there = select(Place.person_id).where(
        Place.group_id == group_id, Place.state.in_(CURRENT_PLACES)
    )
    return there.union_all(select(Person.id).where(Person.id.in_(besides))) if besides else there


def _volunteers_in(group_id: int, since: date) -> _People:
    """Those placed with the group, and those who have been asked for one of its sessions."""
    placed = select(Placement.volunteer_id).where(
        Placement.group_id == group_id,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= since),
    )
    asked = (
        select(Shift.volunteer_id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            GroupSession.group_id == group_id,
            GroupSession.starts_at >= clock.start_of_day(since),
            Shift.state.in_(CURRENT_SHIFTS),
        )
    )
    return placed.union_all(asked)


def _tokens(kind: str, surnames: Sequence[str]) -> list[str]:
    """The hashes of the longest word of each surname, under every key in use."""
    words = {max(names.normalised(name), key=len, default="") for name in surnames}
    return [token for word in words for token in keys.whole(kind, word[:MAX_PREFIX])]


def _plain(name: str) -> str:
    return " ".join(names.normalised(name))
