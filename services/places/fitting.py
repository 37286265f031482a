"""Whether a place fits somebody: her age on the first day, and what else she has at those times.

Neither stops a place for good: whoever gives it writes why it is right all the same. How many it
takes for a group to run is said here too, and never stops anything.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import HELD_PLACES, Group, GroupState, Person, PersonKind, Place
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.groups import groups
from services.groups.groups import MAX_CAPACITY
from services.groups.pairs.halves import Side, linked
from services.groups.schedules import clashes
from services.permissions import Actor, Permission
from services.programmes import programmes

MAX_REASON = 2_000
OLDEST = 120
ASK = "{found} Write why this place is right all the same, or choose another group."
_NOT_BEGUN = (GroupState.DRAFT, GroupState.RECRUITING, GroupState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many it takes for a group to run, and how old its children are on the first day."""

    minimum: int
    age_min: int | None
    age_max: int | None

    @property
    def ages(self) -> str:
        """The band in words: 7 to 11, 13 or older."""
        if self.age_min is None and self.age_max is None:
            return ""
        if self.age_max is None:
            return f"{self.age_min} or older"
        return f"{self.age_min or 0} to {self.age_max}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands to what it asks for; `version` is the group's."""

    limits: Limits
    seated: int
    starts_on: date
    has_begun: bool
    version: int

    @property
    def below(self) -> int:
        """How many people are missing for the group to run."""
        return 0 if self.has_begun else max(0, self.limits.minimum - self.seated)


def takes_children(db: Session, group: Group) -> bool:
    """Whether children come to this very group: not to that of their parents beside theirs."""
    if programmes.of_group(db, group).audience == "adults":
        return False
    half = linked(db, group.id)
    return half is None or half.side is Side.CHILDREN


def limits(db: Session, group: Group) -> Limits:
    """What a group asks for: its own numbers, else its programme's. Adults have no band."""
    template = programmes.of_group(db, group)
    minimum = template.minimum if group.minimum is None else group.minimum
    if not takes_children(db, group):
        return Limits(minimum, None, None)
    if group.age_min is None and group.age_max is None:
        return Limits(minimum, template.age_min, template.age_max)
    return Limits(minimum, group.age_min, group.age_max)


def summed_up(db: Session, group: Group) -> Standing:
    """How a group stands that was found."""
    seated = select(func.count()).where(Place.group_id == group.id, Place.state.in_(HELD_PLACES))
    return Standing(
        limits=limits(db, group),
        seated=db.scalar(seated) or 0,
        starts_on=group.starts_on,
        has_begun=group.state not in _NOT_BEGUN or group.starts_on <= clock.today(),
        version=group.version,
    )


def change_limits(
    db: Session,
    actor: Actor,
    group_ref: str,
    *,
    minimum: int,
    age_min: int | None,
    age_max: int | None,
    version: int,
) -> None:
    """Set what one group asks for, whatever its programme says. Places given stay."""
    actor.require(Permission.EDIT_GROUPS)
    group = groups.find(db, actor, group_ref, lock=True)
    if group.version != version:
        raise ConflictError("Somebody else changed this group while you had it open.")
    _check(group, minimum, age_min, age_max)
    group.minimum, group.age_min, group.age_max = minimum, age_min, age_max
    audit.record(
        db, actor, "group.limits_changed", f"group:{group_ref}", minimum=minimum, youngest=age_min,
        oldest=age_max,
    )  # fmt: skip


def against(
    db: Session, group: Group, people: Sequence[Person], *, leaving: int | None = None
) -> dict[int, str]:
    """What stands against a place for each of these, by her number; nothing where nothing does.

    `leaving` is the number of a group whose place ends with it. What it costs does not depend on
    how many people are asked about.
    """
    asked = limits(db, group)
    busy = clashes.of_people(
        db, group.id, [one.id for one in people], without=() if leaving is None else (leaving,)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for one in people:
        age = age_on(one.date_of_birth, group.starts_on)
        if one.kind is PersonKind.CHILD and age is not None and _is_outside(age, asked):
            found[one.id].append(
                f"This child is {age} on the first day, and the group is for ages {asked.ages}."
            )
        if one.id in busy:
            first = busy[one.id].first
            found[one.id].append(
                "This person has a place in another group that meets at the same time, first on "
                f"{first.day} {first:%B %Y}."
            )
    return {number: " ".join(sentences) for number, sentences in found.items()}


def weigh(found: str | None, reason: str) -> str | None:
    """The reason to keep with a place, if one is needed. Raises InvalidInputError at `fit`."""
    if not found:
        return None
    if not reason.strip():
        raise InvalidInputError({"fit": ASK.format(found=found)})
    if len(reason) > MAX_REASON:
        raise InvalidInputError({"fit": f"Shorten the reason to {MAX_REASON:,} letters."})
    return reason.strip()


def age_on(born: date | None, day: date) -> int | None:
    """How old somebody is on a day, in years; None where no date of birth is kept."""
    return None if born is None else relativedelta(day, born).years


def _is_outside(age: int, asked: Limits) -> bool:
    return age < (asked.age_min or 0) or (asked.age_max is not None and age > asked.age_max)


def _check(group: Group, minimum: int, age_min: int | None, age_max: int | None) -> None:
    problems: dict[str, str] = {}
    if not 1 <= minimum <= min(group.capacity, MAX_CAPACITY):
        problems["minimum"] = f"Choose from 1 to {group.capacity}, the places there are."
    if any(age is not None and not 0 <= age <= OLDEST for age in (age_min, age_max)):
        problems["age_max"] = f"Choose ages from 0 to {OLDEST}."
    elif age_min is not None and age_max is not None and age_max < age_min:
        problems["age_max"] = "The oldest is younger than the youngest. Choose a higher age."
    elif age_min is None and age_max is not None:
        problems["age_max"] = "Choose the youngest age too, 0 if there is none."
    if problems:
        raise InvalidInputError(problems)
