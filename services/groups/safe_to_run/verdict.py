"""Whether one session is safe to run: the rules, as pure functions of what is known about it.

How many adults children need is NSPCC guidance (domain §1.1): one for three under two, for four
at two and three, for six from four to eight, for eight from nine to twelve, for ten from thirteen
on; never fewer than two adults, and a volunteer in induction is not counted.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

FEWEST_ADULTS = 2
CHILDREN_PER_ADULT = ((2, 3), (4, 4), (9, 6), (13, 8))  # younger than, so many to an adult
_OLDEST_CHILDREN_PER_ADULT = 10
# A session without a place to meet is a thing to do; this close to it, it cannot be held.
ROOM_DAYS = 2


class Light(enum.IntEnum):
    """How a session stands, from nothing to do to not as it is."""

    GREEN = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: by which rule, how grave, and what to do next."""

    rule: str
    light: Light
    says: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """Somebody who is to run or help with the session.

    The two days are the last on which her training for the programme and her check for work with
    children hold; None where nothing is on record. With something in `obstacles` she does not
    count; what is in `remarks` is to be settled, and she counts all the same.
    """

    name: str
    is_facilitator: bool
    in_induction: bool = False
    is_away: bool = False
    trained_until: date | None = None
    checked_until: date | None = None
    obstacles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known about a session to come. `ages` are those of the children expected."""

    day: date
    today: date
    adults: tuple[Adult, ...]
    ages: tuple[int, ...] = ()
    staff: int = FEWEST_ADULTS
    children_per_adult: int | None = None
    has_place: bool = True
    with_children: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The light of the gravest finding, how many adults count and are needed, and all findings."""

    light: Light
    adults: int
    needed: int
    findings: tuple[Finding, ...]


def judge(plan: Plan) -> Verdict:
    """How a session stands, the gravest finding first."""
    counted = [one for one in plan.adults if _counts(plan, one)]
    needed = adults_needed(plan.ages, plan.staff, plan.children_per_adult)
    found = [
        *_enough(plan, len(counted), needed),
        *_led(plan, counted),
        *(finding for one in plan.adults for finding in _about(plan, one)),
        *_somewhere(plan),
    ]
    found.sort(key=lambda finding: -finding.light)
    light = max((finding.light for finding in found), default=Light.GREEN)
    return Verdict(light, len(counted), needed, tuple(found))


def adults_needed(
    ages: Sequence[int], staff: int = FEWEST_ADULTS, children_per_adult: int | None = None
) -> int:
    """How many adults a session needs: the programme's own staff, and never fewer than the
    children's ages ask for (shares of an adult are added up before they are rounded)."""
    by_age = sum((Fraction(1, _children_to_one(age)) for age in ages), Fraction())
    own = 0 if children_per_adult is None else ceil(Fraction(len(ages), children_per_adult))
    return max(FEWEST_ADULTS, staff, own, ceil(by_age))


def _children_to_one(age: int) -> int:
    found = (children for younger_than, children in CHILDREN_PER_ADULT if age < younger_than)
    return next(found, _OLDEST_CHILDREN_PER_ADULT)


def _counts(plan: Plan, one: Adult) -> bool:
    may_be_with_children = not plan.with_children or _holds(one.checked_until, plan.day)
    return not (one.is_away or one.in_induction or one.obstacles) and may_be_with_children


def _holds(until: date | None, day: date) -> bool:
    return until is not None and until >= day


def _enough(plan: Plan, counted: int, needed: int) -> list[Finding]:
    if counted >= needed:
        return []
    why = f" for {len(plan.ages)} children of these ages" if plan.ages else ""
    says = f"{_adults(counted)} of the {needed} needed{why}."
    return [Finding("ratio", Light.RED, says, "Find cover, or move or cancel the session.")]


def _adults(count: int) -> str:
    return {0: "No adult counts", 1: "1 adult counts"}.get(count, f"{count} adults count")


def _led(plan: Plan, counted: Sequence[Adult]) -> list[Finding]:
    """At least one facilitator who is there is trained for the programme."""
    leading = [one for one in counted if one.is_facilitator]
    if any(_holds(one.trained_until, plan.day) for one in leading):
        return []
    if not leading:
        says = "No facilitator is there."
        return [Finding("facilitator", Light.RED, says, "Find a facilitator who can stand in.")]
    if all(one.trained_until is not None for one in leading):
        says = "No facilitator's training for this programme is in date."
        step = "Ask a trained facilitator to stand in, or book the training."
        return [Finding("training", Light.RED, says, step)]
    says = "No facilitator is on record as trained for this programme."
    return [Finding("training", Light.AMBER, says, "Record her training, or ask who is trained.")]


def _about(plan: Plan, one: Adult) -> list[Finding]:
    """Why somebody does not count, and what is to be settled; induction is no fault."""
    if one.is_away:
        return [Finding("away", Light.AMBER, f"{one.name} is away.", "Find somebody to stand in.")]
    found = [
        Finding("volunteer", Light.AMBER, says, f"Talk to {one.name}.")
        for says in (*one.obstacles, *one.remarks)
    ]
    if plan.with_children and not one.in_induction and not _holds(one.checked_until, plan.day):
        known = "is not on record" if one.checked_until is None else "runs out before then"
        says = f"{one.name}'s check for work with children {known}."
        step = "Record or renew it; until then she does not count with children."
        found.append(Finding("check", Light.AMBER, says, step))
    return found


def _somewhere(plan: Plan) -> list[Finding]:
    if plan.has_place:
        return []
    light = Light.RED if (plan.day - plan.today).days <= ROOM_DAYS else Light.AMBER
    says = "It has no room and no link."
    step = "Choose a room under “Change the schedule”, or give the group its venue or link."
    return [Finding("room", light, says, step)]
