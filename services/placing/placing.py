"""Whether somebody may be placed in a group: the one place that decides (domain §4.3).

It answers and explains nothing. Who it is that she must not meet, and why, is for the sealed list
alone (conflicts.py); the answer is the same whoever asks, even where a record is closed
to her. What it costs does not depend on how many are in the group or how many pairs there are.
"""

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, Select, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    CURRENT_PLACES,
    CURRENT_SHIFTS,
    Conflict,
    Crossing,
    GroupSession,
    Person,
    Place,
    Placement,
    Shift,
    Strength,
    Volunteer,
)
from services import clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.placing import alike, avoided
from services.placing.areas import lie_in
from services.volunteers.own_time import meeting

MAX_REASON = 2_000
NOT_HERE = "This group is not the right one for her. Choose another group."
NOT_THERE = "This place is not the right one for this group. Choose another place."
WEIGH = (
    "There is something to weigh before she comes to this group. Write why it is right for her "
    "all the same, or choose another group."
)
_SIDES = (
    (Conflict.person_id, Conflict.volunteer_id),
    (Conflict.other_person_id, Conflict.other_volunteer_id),
)
_PERSON, _VOLUNTEER = 0, 1
_Side: TypeAlias = tuple[InstrumentedAttribute[int | None], InstrumentedAttribute[int | None]]
_Ids: TypeAlias = Select[int] | CompoundSelect[int]
_Recorded: TypeAlias = defaultdict[int | None, set[Strength]]
_Parties: TypeAlias = tuple[alike.Party, ...]


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
    the numbers of participants who count as in the group although they have no place yet. A
    volunteer there counts with her own time as a participant, which the answer does not show.
    """
    volunteers = _volunteers_in(group_id, since)
    there = _people_in(group_id, besides, volunteers)
    numbers = [one.id for one in people]
    recorded = _recorded(db, _PERSON, numbers, there, volunteers)
    for (_volunteer, number), is_hard in meeting.known(db, volunteers, numbers).items():
        recorded[number].add(Strength.HARD if is_hard else Strength.SOFT)
    surnames = [one.last_name for one in people]
    namesakes = alike.people_named(db, surnames, there)
    for name, here in alike.volunteers_named(db, surnames, volunteers).items():
        namesakes[name] |= here
    parties = {one.id: (alike.family(one.family_id),) for one in people}
    shared = alike.in_common(db, _flat(parties), there, volunteers)
    _rule_out(db, recorded, parties, group_id, since)
    return {
        one.id: _answer(
            recorded[one.id],
            namesakes[alike.plain(one.last_name)] - {one.family_id}
            or any(place.joins(*parties[one.id]) for place in shared),
        )
        for one in people
    }


def for_volunteer(db: Session, volunteer: Volunteer, group_id: int, *, since: date) -> Answer:
    """The answer for a survivor volunteer who is to be placed with a group from a day on."""
    return for_volunteers(db, [volunteer], group_id, since=since)[volunteer.id]


def for_volunteers(
    db: Session, volunteers: Sequence[Volunteer], group_id: int, *, since: date
) -> dict[int, Answer]:
    """The answer for each of these volunteers, by her number; her own time here counts.

    It costs the same for one as for many, and whether or not any was a participant.
    """
    numbers, there = [one.id for one in volunteers], _people_in(group_id)
    placed = _volunteers_in(group_id, since)
    beside = _people_in(group_id, volunteers=placed)
    recorded = _recorded(db, _VOLUNTEER, numbers, beside, placed)
    for number in meeting.of_this_cohort(db, numbers, group_id):
        recorded[number].add(Strength.HARD)
    for (number, _person), is_hard in meeting.known(db, numbers, there).items():
        recorded[number].add(Strength.HARD if is_hard else Strength.SOFT)
    own = meeting.families(db, numbers)
    called = {one.id: {one.last_name, own.get(one.id, (0, ""))[1]} for one in volunteers}
    namesakes = alike.people_named(db, [*chain.from_iterable(called.values())], there)
    parties = {
        number: (alike.helper(number), *(alike.family(one) for one, _name in own_of))
        for number in numbers
        for own_of in [[own[number]] if number in own else []]
    }
    shared = alike.in_common(db, _flat(parties), there, placed)
    _rule_out(db, recorded, parties, group_id, since)
    return {
        one.id: _answer(
            recorded[one.id],
            any(namesakes[alike.plain(name)] for name in called[one.id])
            or any(place.joins(*parties[one.id]) for place in shared),
        )
        for one in volunteers
    }


def for_everybody(db: Session, group_id: int, areas: Collection[str]) -> Answer:
    """The answer for all of a group together, if it came to meet in these areas as well.

    Only where it would meet is asked about: whom they meet stays as it is.
    """
    helpers = _volunteers_in(group_id, clock.today())
    people = _people_in(group_id, volunteers=helpers)
    families = select(Person.family_id).where(Person.id.in_(people))
    theirs = or_(Crossing.family_id.in_(families), Crossing.volunteer_id.in_(helpers))
    known = avoided.avoids(db, theirs).values()
    return Answer.HARD if any(lie_in(areas, there) for there in known) else Answer.CLEAR


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


def _rule_out(
    db: Session, recorded: _Recorded, parties: Mapping[int, _Parties], group_id: int, since: date
) -> None:
    """A hard stop for whoever must not go to where the group meets."""
    barred = avoided.barred(db, _flat(parties), group_id, since)
    for number, hers in parties.items():
        if not barred.isdisjoint(hers):
            recorded[number].add(Strength.HARD)


def _flat(parties: Mapping[int, _Parties]) -> set[alike.Party]:
    return {*chain.from_iterable(parties.values())}


def _answer(recorded: Iterable[Strength], something_in_common: object) -> Answer:
    if Strength.HARD in recorded:
        return Answer.HARD
    return Answer.SOFT if recorded or something_in_common else Answer.CLEAR


def _recorded(
    db: Session, kind: int, numbers: Sequence[int], people: _Ids, volunteers: _Ids
) -> _Recorded:
    """How strongly each is kept apart from somebody in the group, whichever way it was recorded.

    A pair holds for the whole of somebody: as a participant and as the volunteer she became.
    """
    first, second = _SIDES
    halves = [
        asked.where(
            Conflict.ended_at.is_(None),
            or_(
                theirs[_PERSON].in_(people),
                theirs[_VOLUNTEER].in_(volunteers),
                theirs[_VOLUNTEER].in_(meeting.volunteers_of(people)),
            ),
        )
        for hers, theirs in ((first, second), (second, first))
        for asked in _sides_of(kind, numbers, hers)
    ]
    found: _Recorded = defaultdict(set)
    for number, strength in db.execute(union_all(*halves)):
        found[number].add(strength)
    return found


def _sides_of(kind: int, numbers: Sequence[int], side: _Side) -> Iterator[Any]:
    """Pairs with one of those asked about on this side, under her own number or her other one."""
    yield select(side[kind], Conflict.strength).where(side[kind].in_(numbers))
    own = meeting.selves()
    number = (own.c.person_id, own.c.volunteer_id)
    other = 1 - kind
    linked = select(number[kind], Conflict.strength).join(own, number[other] == side[other])
    yield linked.where(number[kind].in_(numbers))


def _people_in(
    group_id: int, besides: Collection[int] = (), volunteers: _Ids | None = None
) -> _Ids:
    """Those seated, offered a place or waiting; with `volunteers`, those too as participants."""
    there = select(Place.person_id).where(
        Place.group_id == group_id, Place.state.in_(CURRENT_PLACES)
    )
    more = [select(Person.id).where(Person.id.in_(besides))] if besides else []
    if volunteers is not None:
        more.append(meeting.selves_of(volunteers))
    return there.union_all(*more) if more else there


def _volunteers_in(group_id: int, since: date) -> _Ids:
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
