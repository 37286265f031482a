"""Who may get a place in a group by an attendance list: the rules of giving a place by hand.

A list cannot weigh anything, so whatever a coordinator would have to decide is left to her.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import OPEN_STATES, SEATED_PLACES, Group, Person, Place
from services.bulk import batches
from services.groups.pairs import halves
from services.imports.attendance_find import KnownGroup
from services.imports.find_names import AT_ONCE
from services.places import fitting
from services.placing import placing
from services.placing.placing import Answer
from services.referrals import referral_places

NOT_HERE = (
    "She cannot be given a place in this group by a list. Ask a coordinator, or choose another "
    "group."
)
BY_HAND = (
    "There is something to weigh before she comes to this group. A coordinator gives her the "
    "place by hand first."
)
UNFIT = (
    "Her age or another group at the same time stands against this place. A coordinator gives it "
    "by hand first, or choose another group."
)
FULL = "This group is full. Raise its capacity, or leave her out."
REFERRED = (
    "She has a referral on its way. A coordinator gives her the place by hand first, so that the "
    "referral goes with it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who has no place in a group yet, and marks in it."""

    person_id: int
    group: KnownGroup
    given_joined: date | None
    first_mark: date
    left_on: date | None

    @property
    def joined_on(self) -> date:
        """Her first day: as the list says, or else the first she has a mark for."""
        return self.given_joined or self.first_mark

    @property
    def left_early(self) -> bool:
        """Whether she left before the last session."""
        return self.left_on is not None and self.left_on < self.group.ends_on


def refused(db: Session, coming: Sequence[Newcomer]) -> dict[tuple[int, int], str]:
    """By person and group, why somebody cannot get her place."""
    by_group: defaultdict[int, list[Newcomer]] = defaultdict(list)
    for one in coming:
        by_group[one.group.id].append(one)
    people = _people(db, {one.person_id for one in coming})
    return {
        (number, group): sentence
        for group, some in by_group.items()
        for number, sentence in _in_group(db, some, people)
    }


def _in_group(
    db: Session, coming: Sequence[Newcomer], people: dict[int, Person]
) -> Iterator[tuple[int, str]]:
    group = coming[0].group
    is_open = group.state in OPEN_STATES
    unfit = _unfit(db, coming, people) if is_open else set()
    referred = referral_places.under_way(db, [one.person_id for one in coming]) if is_open else ()
    barred = dict(_barred(db, coming, people, is_open=is_open))
    free = group.capacity - _seated(db, group.id) if is_open else len(coming)
    for one in coming:
        if one.person_id in barred:
            yield one.person_id, barred[one.person_id]
        elif one.person_id in unfit:
            yield one.person_id, UNFIT
        elif one.person_id in referred:
            yield one.person_id, REFERRED
        elif free <= 0 and not one.left_early:
            yield one.person_id, FULL
        else:
            free -= not one.left_early


def _barred(
    db: Session, coming: Sequence[Newcomer], people: dict[int, Person], *, is_open: bool
) -> Iterator[tuple[int, str]]:
    """Whom the sealed pairs keep out, of those in the group and those who come with her.

    Asked for all at once; only where that is not clear, one after the other, each beside those
    before her: of two who must not meet, the first comes in. Nothing is said of who or why. In
    a group that is over nobody meets any more: there is nothing to weigh, and a no stays a no.
    """
    everybody = [one.person_id for one in coming]
    since = min(one.joined_on for one in coming)
    found = placing.for_people(
        db, [people[number] for number in everybody], coming[0].group.id, since=since,
        besides=everybody,
    )  # fmt: skip
    inside = [number for number in everybody if found[number] is Answer.CLEAR]
    for one in coming:
        if found[one.person_id] is Answer.CLEAR:
            continue
        person = people[one.person_id]
        answer = placing.for_people(
            db, [person], one.group.id, since=one.joined_on, besides=inside
        )[person.id]
        if answer is Answer.HARD:
            yield person.id, NOT_HERE
        elif answer is Answer.SOFT and is_open:
            yield person.id, BY_HAND
        else:
            inside.append(person.id)


def _unfit(db: Session, coming: Sequence[Newcomer], people: dict[int, Person]) -> set[int]:
    """Whose age, half of a pair or other group is for a coordinator to weigh."""
    group = db.get_one(Group, coming[0].group.id)
    some = [people[one.person_id] for one in coming]
    half = halves.linked(db, group.id)
    misplaced = {one.id for one in some if half is not None and one.kind is not half.side.kind}
    return misplaced | fitting.against(db, group, some).keys()


def _people(db: Session, numbers: set[int]) -> dict[int, Person]:
    query = select(Person)
    return {
        one.id: one
        for some in batches(sorted(numbers), AT_ONCE)
        for one in db.scalars(query.where(Person.id.in_(some)))
    }


def _seated(db: Session, group_id: int) -> int:
    query = select(func.count()).where(Place.group_id == group_id, Place.state.in_(SEATED_PLACES))
    return db.scalar(query) or 0
